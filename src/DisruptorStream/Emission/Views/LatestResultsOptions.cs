using DisruptorStream.Messages;

namespace DisruptorStream.Emission.Views;

/// <summary>What a <see cref="LatestResults{TKey}"/> keeps. Each is checked when it is set.</summary>
public sealed record LatestResultsOptions
{
    private const int MostRows = 1 << 24;

    /// <summary>
    /// How many panes are kept, one for each key: 1 to 16,777,216. Default 10,000. Where another key comes, the pane
    /// goes that has not changed for the longest time, and <see cref="LatestResults{TKey}.Displaced"/> counts it.
    /// </summary>
    /// <remarks>Room is made as keys come, for three copies of each pane.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Capacity { get; init => field = OptionGuard.InRange(value, 1, MostRows); } = 10_000;

    /// <summary>
    /// Keeps a pane for each key and each length of its windows, from start to end. Default false: one for each key.
    /// For windows of several fixed lengths; not for sessions, each of which has a length of its own.
    /// </summary>
    public bool PerWindowLength { get; init; }
}
