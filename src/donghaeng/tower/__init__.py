"""The control tower: register, process, figures, cases, targets."""
