using System.Diagnostics;
using DisruptorStream.Saving;

namespace DisruptorStream.Pipeline.Assignment;

/// <content>Saves what it knows, and takes it over.</content>
internal sealed unsafe partial class WindowAssignmentStage
{
    private const int Version = 1;

    /// <summary>Writes clock, watermark and counts, the open slices and the sources. Between two batches.</summary>
    public void Save(StateWriter writer)
    {
        AssertInvariants();
        writer.Begin(SectionTag.Assignment, Version);
        writer.WriteInt64(Watermark);
        writer.WriteInt64(_clock);
        writer.WriteInt64(_timeOfDay);
        writer.WriteInt64(_boundary);
        writer.WriteByte(_ended ? (byte)1 : (byte)0);
        Counters.Save(writer);
        writer.End();
        _openSlices.Save(writer);
        _tracker.Save(writer);
    }

    /// <summary>Takes over what was saved, before the first slot.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader)
    {
        reader.Begin(SectionTag.Assignment, Version);
        Watermark = reader.ReadInt64();
        _clock = reader.ReadInt64();
        _timeOfDay = reader.ReadInt64();
        _boundary = reader.ReadInt64();
        _ended = reader.ReadFlag();
        Counters.Load(reader, Watermark, _clock);
        reader.End();
        _openSlices.Load(reader, _grid);
        _tracker.Load(reader);
        AssertInvariants();
    }

    /// <summary>That nothing has been missed that the watermark has reached.</summary>
    [Conditional("DEBUG")]
    public void AssertInvariants()
    {
        Debug.Assert(
            _grid is null || Watermark < _boundary || Watermark is long.MinValue or long.MaxValue,
            "What the watermark has reached has been told.");
        Debug.Assert(
            _processingTime || _ended || Watermark >= _tracker.Watermark, "The watermark follows the sources.");
    }
}
