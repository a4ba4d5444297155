using DisruptorStream.Saving;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Panes;

/// <summary>Saves and loads records of windows that keep panes of their own.</summary>
internal sealed unsafe class PaneFormat : RecordFormat
{
    private readonly PaneRecords _panes;

    public PaneFormat(PaneRecords panes) => _panes = panes;

    public override bool IsPlain => _panes.IsPlain;

    public override bool IsChecked => true;

    public override int MostBlockBytes => _panes.MostBlockBytes;

    public override void Save(StateWriter writer, byte* record) => _panes.Save(writer, record);

    public override void Load(StateReader reader, byte* record) => _panes.Load(reader, record);

    public override bool IsValid(byte* record) => _panes.IsValid(record);
}
