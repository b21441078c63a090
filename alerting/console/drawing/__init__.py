"""Small charts drawn on the server: SVG in percent of the place they get, styled by classes.

Every chart is an image with a text that says what it shows; no figure is in a chart alone.
"""
