using System.Diagnostics;

namespace DisruptorStream.LoadTests.Stages;

/// <summary>How long each stage takes for an event: sums of a run, and the least of all runs.</summary>
internal sealed class StageTimes
{
    private readonly long[] _ticks = new long[Enum.GetValues<PipelineStage>().Length];
    private readonly double[] _least = new double[Enum.GetValues<PipelineStage>().Length];

    public StageTimes() => _least.AsSpan().Fill(double.PositiveInfinity);

    /// <summary>The time of a stage for each event, in nanoseconds, in the run in which it took the least.</summary>
    public double NanosecondsOf(PipelineStage stage) => _least[(int)stage];

    /// <summary>Adds a while, in ticks of the stopwatch.</summary>
    public void Add(PipelineStage stage, long ticks) => _ticks[(int)stage] += ticks;

    /// <summary>A run of a number of events is over.</summary>
    public void EndRun(int events)
    {
        for (var stage = 0; stage < _ticks.Length; stage++)
        {
            var nanoseconds = Stopwatch.GetElapsedTime(0, _ticks[stage]).TotalNanoseconds / events;
            _least[stage] = Math.Min(_least[stage], nanoseconds);
        }

        Array.Clear(_ticks);
    }
}
