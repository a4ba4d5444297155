using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Journal;

namespace DisruptorStream.Topology.Durable.Recording;

/// <summary>What a recorder holds at an instant. Nothing of it is given up until this is disposed.</summary>
internal sealed class HeldRecording : IDisposable
{
    private Action? _release;

    /// <param name="files">Where it lies.</param>
    /// <param name="directory">The directory there.</param>
    /// <param name="segments">The files of the slots, oldest first.</param>
    /// <param name="states">The last slots of the states, oldest first.</param>
    /// <param name="end">Behind the last frame that is written.</param>
    /// <param name="release">Called once it is not read any more.</param>
    public HeldRecording(
        IFileSystem files,
        string directory,
        IReadOnlyList<JournalSegment> segments,
        IReadOnlyList<long> states,
        JournalPosition end,
        Action release)
    {
        Files = files;
        Directory = directory;
        Segments = segments;
        States = states;
        End = end;
        _release = release;
    }

    /// <summary>Where it lies.</summary>
    public IFileSystem Files { get; }

    /// <summary>The directory there.</summary>
    public string Directory { get; }

    /// <summary>The files of the slots, oldest first.</summary>
    public IReadOnlyList<JournalSegment> Segments { get; }

    /// <summary>The last slots of the states, oldest first.</summary>
    public IReadOnlyList<long> States { get; }

    /// <summary>Behind the last frame that is written.</summary>
    public JournalPosition End { get; }

    /// <summary>The slot whose state it begins with; -1 where it begins with the first slot.</summary>
    public long BaseSequence => Segments[0].FirstSequence == 0 || States.Count == 0 ? -1 : States[0];

    /// <summary>How much of a file is written; 0 where it has been begun since.</summary>
    public long BytesOf(JournalSegment segment)
    {
        if (segment.Number > End.Segment)
            return 0;
        return segment.Number == End.Segment ? End.Offset : segment.EndOffset;
    }

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
