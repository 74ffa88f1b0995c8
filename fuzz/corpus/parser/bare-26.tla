∧ a
∧ b