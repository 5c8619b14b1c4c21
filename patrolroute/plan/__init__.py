"""A plan: decisions turned into legs with clock times, audited and measured."""
