using System.Diagnostics;

namespace DisruptorStream.Slots;

/// <summary>Measures, for one wait, how long the engine has not moved.</summary>
/// <remarks>A mutable struct of the one that waits, so that waiting allocates nothing.</remarks>
internal struct StallTimer
{
    private EngineProgress _seen;
    private long _since;

    /// <summary>The last sequence that the wait is for: what moves behind it is no progress.</summary>
    public long Awaited { get; private init; }

    /// <summary>Begins with what is there now.</summary>
    public static StallTimer Start(long awaited, EngineProgress now) =>
        new() { Awaited = awaited, _seen = now, _since = Stopwatch.GetTimestamp() };

    /// <summary>Takes a look, and returns for how long nothing has moved.</summary>
    public TimeSpan Look(EngineProgress now)
    {
        if (now != _seen)
            this = Start(Awaited, now);
        return Stopwatch.GetElapsedTime(_since);
    }

    /// <summary>Begins anew: what is waited for now has an end of its own.</summary>
    public void Restart() => _since = Stopwatch.GetTimestamp();
}
