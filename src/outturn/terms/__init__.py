"""The words everything else is said in: periods, time bases, units, polarity, values. Imports nothing of ours.

The field's meaning of each word is in GLOSSARY.md.
"""
