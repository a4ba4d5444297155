using DisruptorStream.Saving;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Filling;

/// <summary>Saves and loads the keys whose windows are filled.</summary>
internal sealed unsafe class FillFormat : RecordFormat
{
    private readonly FailureLog _failures;
    private readonly int _width;

    /// <param name="failures">The shard's.</param>
    /// <param name="width">The values behind each state.</param>
    public FillFormat(FailureLog failures, int width)
    {
        _failures = failures;
        _width = width;
    }

    public override bool IsPlain => false;

    public override bool IsChecked => true;

    public override void Save(StateWriter writer, byte* record)
    {
        var state = (FillState*)record;
        writer.WriteCount(state->InARow);
        _failures.Save(writer, state->FailureIndex);
        writer.WriteBytes(new ReadOnlySpan<byte>(state + 1, _width * sizeof(long)));
    }

    public override void Load(StateReader reader, byte* record)
    {
        var state = (FillState*)record;
        state->InARow = (int)reader.ReadNumber(int.MaxValue, "a number of windows in a row");
        state->FailureIndex = _failures.Load(reader);
        reader.ReadBytes(new Span<byte>(state + 1, _width * sizeof(long)));
    }

    // Records are never copied in as they are.
    public override bool IsValid(byte* record) => true;
}
