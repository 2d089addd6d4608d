"""Learning for officials and citizens: plans, lessons, quizzes, simulated citizens."""
