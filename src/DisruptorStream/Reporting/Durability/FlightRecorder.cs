using DisruptorStream.Durability;
using DisruptorStream.Durability.Recording;
using DisruptorStream.Topology.Durable.Recording;

namespace DisruptorStream.Reporting.Durability;

/// <summary>The last slots of a processor that was built with RecordTo, and the state before them.</summary>
/// <remarks>Any thread, in every state, also from inside a sink.</remarks>
public sealed class FlightRecorder
{
    private readonly RecorderSession _session;

    internal FlightRecorder(RecorderSession session) => _session = session;

    /// <summary>Where dumps go that are given no directory, as a whole path.</summary>
    public string DumpDirectory => _session.DumpDirectory;

    /// <summary>How it is now. Costs some microseconds.</summary>
    public FlightRecorderStats GetStats() => _session.Stats;

    /// <summary>
    /// Writes what is held to a directory that <c>Replay.Run</c> and <c>dstream replay</c> read: all that was published
    /// before, and was handled or waits to be.
    /// </summary>
    /// <param name="directory">
    /// A new or empty one; null for one with a name of its own in <see cref="DumpDirectory"/>.
    /// </param>
    /// <remarks>
    /// It takes as long as writing and syncing so many bytes; the processor goes on meanwhile, and what comes is held
    /// beyond the limits of the recorder. One dump is written at a time. Of threads that do not come to write what is
    /// published it waits for no more than a second, and goes without. After the end of the processor, a recording in
    /// memory can still be dumped.
    /// </remarks>
    /// <exception cref="ArgumentException">The directory is empty or white space.</exception>
    /// <exception cref="IOException">The directory holds files, or the disk says no; nothing is left there.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not write there.</exception>
    /// <exception cref="DurabilityException">
    /// The recording has failed: <see cref="FlightRecorderStats.RecordingFailure"/>.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The processor has ended, and the recording lies in files: those can be replayed as they are.
    /// </exception>
    public FlightDump Dump(string? directory = null)
    {
        if (directory is not null)
            ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        return _session.Dump(directory);
    }
}
