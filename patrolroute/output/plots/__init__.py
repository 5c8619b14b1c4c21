"""Plots of a plan for reports and notebooks: each takes matplotlib axes, or makes some, and gives them back."""
