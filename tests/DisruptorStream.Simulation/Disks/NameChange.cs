namespace DisruptorStream.Simulation.Disks;

/// <summary>A change of the names in a directory, of one file.</summary>
/// <param name="Node">The file.</param>
/// <param name="Before">The name that it no longer has; null of a new file.</param>
/// <param name="After">The name that it now has; null of one that was deleted.</param>
internal sealed record NameChange(DiskNode Node, string? Before, string? After)
{
    /// <summary>Makes the change, whether or not those before it were made.</summary>
    public void Apply(SortedDictionary<string, DiskNode> names)
    {
        if (Before is not null)
        {
            // Not by the name before alone: where the change to that one was lost, the file has an older one, and it
            // must not have two.
            foreach (var (name, node) in names)
            {
                if (node != Node)
                    continue;
                names.Remove(name);
                break;
            }
        }

        if (After is not null)
            names[After] = Node;
    }
}
