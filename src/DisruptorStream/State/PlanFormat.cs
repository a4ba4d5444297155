using DisruptorStream.Saving;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State;

/// <summary>Saves and loads records that are accumulators and nothing else.</summary>
internal sealed unsafe class PlanFormat : RecordFormat
{
    private readonly AggregatePlan _plan;

    public PlanFormat(AggregatePlan plan) => _plan = plan;

    public override bool IsPlain => _plan.IsPlain && !_plan.Translates;

    public override bool IsChecked => _plan.IsChecked;

    public override int MostBlockBytes => _plan.MaxBlockBytes;

    public override void Save(StateWriter writer, byte* record) => _plan.Save(writer, record);

    public override void Load(StateReader reader, byte* record) => _plan.Load(reader, record);

    public override bool IsValid(byte* record) => _plan.IsValid(record);
}
