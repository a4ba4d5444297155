using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.Plans;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology.Durable.Remaking;

/// <summary>What a publisher needs whose slots nobody handles: keys and sources of its own, and a ring.</summary>
internal sealed class RemakingParts
{
    /// <param name="plan">What the processor is.</param>
    /// <param name="keys">Make the keys, in the order of the plan.</param>
    /// <param name="clock">The host's clock.</param>
    public RemakingParts(ProcessorPlan plan, IReadOnlyList<KeyColumnMaker> keys, TimeProvider clock)
    {
        var input = plan.Inputs[0];
        Layout = input.Layout;
        Filters = input.Filters.Count;

        // What was accepted is accepted again, wherever the clock is now.
        Rules = input.Rules with { FutureSkewTicks = null };
        Ledger = Ledger.Create(plan, keys);
        Ring = RemakingRing.Of(Layout.FurtherWords, Ledger.Sources);
        Clock = new ProcessingClock(clock);
    }

    public RemakingRing Ring { get; }

    public Ledger Ledger { get; }

    public ProcessingClock Clock { get; }

    public PublishRules Rules { get; }

    public SlotLayout Layout { get; }

    /// <summary>How many filters there are.</summary>
    public int Filters { get; }
}
