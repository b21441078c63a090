// Filters apply as they are chosen, and leave out of the address what they do not say.

export function formsStayShort(form) {
  form.addEventListener("change", (event) => {
    // A date is typed in parts, and a text is not done before Enter.
    if (event.target.matches("[type=radio], [type=checkbox], select")) form.requestSubmit();
  });
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) {
      const isPlain = value === "" || (name === "status" && value === "todo") || (name === "historic" && value === "no");
      if (isPlain) formData.delete(name);
    }
  });
}
