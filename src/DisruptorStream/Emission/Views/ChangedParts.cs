namespace DisruptorStream.Emission.Views;

/// <summary>Which parts of a copy are not those of the original any more.</summary>
internal sealed class ChangedParts
{
    public IndexSet Rows { get; } = new();

    public IndexSet Buckets { get; } = new();

    /// <summary>Whether everything is to be copied, whatever the sets say.</summary>
    public bool IsAll { get; set; } = true;

    public void Clear()
    {
        Rows.Clear();
        Buckets.Clear();
        IsAll = false;
    }
}
