namespace DisruptorStream.Simulation.Disks;

/// <summary>The names in a directory: those that are seen, and those on the disk.</summary>
internal sealed class DiskDirectory
{
    private readonly List<NameChange> _changes = [];
    private SortedDictionary<string, DiskNode> _names = new(StringComparer.Ordinal);
    private SortedDictionary<string, DiskNode> _durable = new(StringComparer.Ordinal);

    /// <summary>The files that are seen, by their names.</summary>
    public IReadOnlyDictionary<string, DiskNode> Names => _names;

    public void Change(NameChange change)
    {
        change.Apply(_names);
        _changes.Add(change);
    }

    public void Sync()
    {
        _durable = new SortedDictionary<string, DiskNode>(_names, StringComparer.Ordinal);
        _changes.Clear();
    }

    /// <summary>The power goes: of the changes since the last sync all, none, the first or any are there.</summary>
    public void CutPower(Random random)
    {
        var kept = random.Next(4) switch
        {
            0 => [],
            1 => _changes,
            2 => _changes.Take(random.Next(_changes.Count + 1)),
            _ => _changes.Where(_ => random.Next(2) == 0),
        };
        foreach (var change in kept)
            change.Apply(_durable);
        _changes.Clear();
        _names = new SortedDictionary<string, DiskNode>(_durable, StringComparer.Ordinal);
    }
}
