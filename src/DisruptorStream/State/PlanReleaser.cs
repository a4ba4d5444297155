using DisruptorStream.State.Memory;

namespace DisruptorStream.State;

/// <summary>Releases the accumulators that a table's records hold, at one place or two.</summary>
internal sealed unsafe class PlanReleaser : RecordReleaser
{
    private readonly AggregatePlan _plan;
    private readonly int _offset;
    private readonly int _secondOffset;

    private PlanReleaser(AggregatePlan plan, int offset, int secondOffset)
    {
        _plan = plan;
        _offset = offset;
        _secondOffset = secondOffset;
    }

    /// <summary>The releaser for records with accumulators there, or null where they hold nothing.</summary>
    /// <param name="plan">What the accumulators are.</param>
    /// <param name="offset">Where they lie in the record.</param>
    /// <param name="secondOffset">Where a second set lies; -1 for none.</param>
    public static PlanReleaser? For(AggregatePlan plan, int offset = 0, int secondOffset = -1) =>
        plan.MaxBlockBytes == 0 ? null : new PlanReleaser(plan, offset, secondOffset);

    public override void Release(byte* record)
    {
        _plan.Release(record + _offset);
        if (_secondOffset >= 0)
            _plan.Release(record + _secondOffset);
    }
}
