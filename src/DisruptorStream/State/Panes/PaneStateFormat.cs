using DisruptorStream.Saving;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Panes;

/// <summary>Saves and loads records of a pane state with the state of a trigger behind it.</summary>
internal sealed unsafe class PaneStateFormat : RecordFormat
{
    private readonly int _recordBytes;

    public PaneStateFormat(int recordBytes) => _recordBytes = recordBytes;

    public override bool IsPlain => true;

    public override bool IsChecked => true;

    public override void Save(StateWriter writer, byte* record) =>
        writer.WriteBytes(new ReadOnlySpan<byte>(record, _recordBytes));

    public override void Load(StateReader reader, byte* record)
    {
        reader.ReadBytes(new Span<byte>(record, _recordBytes));
        if (!IsValid(record))
            throw reader.Invalid("the panes of a window cannot be counted as they are");
    }

    public override bool IsValid(byte* record) => ((PaneState*)record)->IsValid(PaneMarks.None, PaneMarks.None);
}
