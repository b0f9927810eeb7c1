"""What a teacher gets: copies for Colab, slides, notes, question banks, the students' folder."""
