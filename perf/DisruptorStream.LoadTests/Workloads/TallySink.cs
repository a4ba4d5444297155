using DisruptorStream.Emission;
using DisruptorStream.Windows;

namespace DisruptorStream.LoadTests.Workloads;

/// <summary>Adds up what the panes hold, so that every event can be accounted for.</summary>
internal sealed class TallySink : IResultSink<int>
{
    public long OnTimePanes { get; private set; }

    public long OtherPanes { get; private set; }

    /// <summary>Events in on-time panes.</summary>
    public long OnTimeEvents { get; private set; }

    /// <summary>Events in the other panes.</summary>
    public long OtherEvents { get; private set; }

    public long Panes => OnTimePanes + OtherPanes;

    public void OnResults(ResultBatch<int> batch)
    {
        foreach (var result in batch)
        {
            var count = (long)result.GetDouble(0);
            if (result.Timing == PaneTiming.OnTime)
            {
                OnTimePanes++;
                OnTimeEvents += count;
            }
            else
            {
                OtherPanes++;
                OtherEvents += count;
            }
        }
    }
}
