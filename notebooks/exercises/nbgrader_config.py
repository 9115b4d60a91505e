"""Settings of nbgrader for the exercises: run its commands in this folder."""

c = get_config()  # noqa: F821, given by nbgrader

c.CourseDirectory.course_id = "softness"

# nbgrader knows no stub for Rust. The language is the one that the kernel's specification names.
# A function with this body compiles, whatever its type, and says what is missing when it is called.
c.ClearSolutions.code_stub = {
    "rust": '// YOUR CODE HERE\ntodo!("this function is still to be written")',
}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"
# The marks stand in Rust comments: // BEGIN SOLUTION, // END SOLUTION, // BEGIN HIDDEN TESTS, // END HIDDEN TESTS.
c.ClearSolutions.begin_solution_delimeter = "// BEGIN SOLUTION"
c.ClearSolutions.end_solution_delimeter = "// END SOLUTION"
c.ClearHiddenTests.begin_test_delimeter = "// BEGIN HIDDEN TESTS"
c.ClearHiddenTests.end_test_delimeter = "// END HIDDEN TESTS"

# A kernel builds the library first where its source was edited. A cell that runs for a minute never ends.
c.ExecutePreprocessor.startup_timeout = 900
c.ExecutePreprocessor.timeout = 60


def _name_errors():
    """The reply of evcxr's own Jupyter program to a cell that does not compile names no error, and nbgrader 0.9 asks for
    the name: without this, one such cell would end the grading of the whole submission."""
    from nbgrader.preprocessors import Execute

    if hasattr(Execute, "looks_at_reply"):
        return
    Execute.looks_at_reply = Execute.on_cell_executed

    def on_cell_executed(self, **cell):
        content = cell["execute_reply"]["content"]
        for key, value in {"ename": "Error", "evalue": "", "traceback": []}.items():
            content.setdefault(key, value)
        self.looks_at_reply(**cell)

    Execute.on_cell_executed = on_cell_executed


_name_errors()
