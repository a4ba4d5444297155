using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Durable;

/// <summary>A part of the measurements, which can be made alone.</summary>
/// <param name="Name">Of its command.</param>
/// <param name="What">What it measures.</param>
/// <param name="Run">Measures: where, how many events, how many rounds.</param>
internal sealed record DurablePart(string Name, string What, Action<Checklist, string, int, int> Run)
{
    /// <summary>Events of a lap, unless others are asked for; 0 where that cannot be.</summary>
    public int Events { get; init; }

    /// <summary>Whether all take turns in rounds.</summary>
    public bool HasRounds { get; init; } = true;
}
