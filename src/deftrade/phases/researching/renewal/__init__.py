"""Renewal of firms: owners are paid, firms are rescued, sold, merged, closed, founded."""
