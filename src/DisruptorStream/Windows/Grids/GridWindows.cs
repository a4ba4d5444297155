namespace DisruptorStream.Windows.Grids;

/// <summary>Windows that every key has in common: where they begin and end depends on time alone.</summary>
internal abstract record GridWindows : WindowDefinition
{
    /// <summary>Lays the windows out.</summary>
    public abstract SliceGrid NewGrid();
}
