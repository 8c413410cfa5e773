"""Other doors: Gradescope, GitHub Classroom, Canvas, Moodle, and JUnit XML for any CI."""
