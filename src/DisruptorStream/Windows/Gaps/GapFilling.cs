using DisruptorStream.Identities;

namespace DisruptorStream.Windows.Gaps;

/// <summary>How windows without events are filled.</summary>
/// <param name="With">What their panes show.</param>
/// <param name="MaxEmpty">How many there are in a row, at most; 1 or more.</param>
internal sealed record GapFilling(GapValues With, int MaxEmpty)
{
    /// <summary>Writes what saved state depends on. The number of windows may change.</summary>
    public void Identify(IdentityWriter writer)
    {
        writer.Add("gaps");
        writer.Add((long)With);
    }
}
