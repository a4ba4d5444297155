using DisruptorStream.Identities;

namespace DisruptorStream.Plans;

/// <summary>Where a query that reads the panes of another one has its events from.</summary>
/// <param name="Query">The place of the other query, which comes before it.</param>
/// <param name="Part">
/// Which part of the other's key is its key; <see cref="WholeKey"/> where it has the same keys.
/// </param>
internal sealed record PaneInputPlan(int Query, int Part)
{
    /// <summary>In the place of a part: the keys are the same.</summary>
    public const int WholeKey = -1;

    /// <summary>
    /// How long the windows are whose panes are read; 0 where the other query has windows of one kind.
    /// </summary>
    public long SizeTicks { get; init; }

    /// <summary>Whether late panes are read too: each takes the place of the one before it.</summary>
    public bool IncludesLate { get; init; }

    /// <summary>Writes what saved state depends on.</summary>
    public void Identify(IdentityWriter writer)
    {
        writer.Add(Query);
        writer.Add(Part);
        writer.Add(SizeTicks);
        writer.Add(IncludesLate);
    }
}
