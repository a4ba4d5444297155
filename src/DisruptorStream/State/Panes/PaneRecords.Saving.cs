using DisruptorStream.Saving;

namespace DisruptorStream.State.Panes;

/// <content>Saves records and loads them: pane state, accumulators, the copy that is kept, trigger states.</content>
internal sealed unsafe partial class PaneRecords
{
    /// <summary>Whether a record's bytes are all there is and mean the same everywhere.</summary>
    public bool IsPlain => _plan.IsPlain && !_plan.Translates;

    /// <summary>The most bytes that a record may hold outside of itself.</summary>
    public int MostBlockBytes => (_keepsRetained ? 2 : 1) * _plan.MaxBlockBytes;

    public void Save(StateWriter writer, byte* record)
    {
        if (_plan.IsPlain)
        {
            writer.WriteBytes(new ReadOnlySpan<byte>(record, RecordBytes));
            return;
        }

        writer.WriteBytes(new ReadOnlySpan<byte>(record, PaneState.SizeBytes));
        _plan.Save(writer, record + _currentOffset);
        if (HasRetained(record))
            _plan.Save(writer, record + _retainedOffset);
        writer.WriteBytes(new ReadOnlySpan<byte>(record + _earlyOffset, RecordBytes - _earlyOffset));
    }

    /// <summary>Makes a record before any event what was saved.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader, byte* record)
    {
        if (IsPlain)
        {
            reader.ReadBytes(new Span<byte>(record, RecordBytes));
            if (!IsValid(record))
                throw reader.Invalid("the panes of a window cannot be counted as they are");
            return;
        }

        reader.ReadBytes(new Span<byte>(record, PaneState.SizeBytes));
        if (!HasValidState(record))
            throw reader.Invalid("the panes of a window cannot be counted as they are");
        _plan.Load(reader, record + _currentOffset);
        if (_plan.LoadsPlain ? _keepsRetained : HasRetained(record))
            _plan.Load(reader, record + _retainedOffset);
        reader.ReadBytes(new Span<byte>(record + _earlyOffset, RecordBytes - _earlyOffset));
    }

    /// <summary>Whether a plain record whose bytes were copied in can have been saved.</summary>
    public bool IsValid(byte* record) => HasValidState(record)
        && _plan.IsValid(record + _currentOffset)
        && (!_keepsRetained || _plan.IsValid(record + _retainedOffset));

    /// <summary>The marks are those that a record has between two slots, when nothing fires.</summary>
    private bool HasValidState(byte* record) => _isSession
        ? StateOf(record)->IsValid(PaneMarks.Completed, PaneMarks.None)
        : StateOf(record)->IsValid(PaneMarks.Counted | PaneMarks.Emitted, PaneMarks.Counted);

    private bool HasRetained(byte* record) =>
        _keepsRetained && (StateOf(record)->Marks & PaneMarks.Emitted) != PaneMarks.None;
}
