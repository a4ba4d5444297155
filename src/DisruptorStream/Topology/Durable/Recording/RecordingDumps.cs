using System.Globalization;
using DisruptorStream.Durability.Recording;

namespace DisruptorStream.Topology.Durable.Recording;

/// <summary>Writes the dumps of a recorder, and counts them.</summary>
/// <remarks>Any thread; one dump is written at a time.</remarks>
internal sealed class RecordingDumps
{
    private readonly RecorderSettings _settings;
    private readonly TimeProvider _clock;
    private readonly RecorderLog _log;
    private readonly DumpShelf _shelf;
    private readonly Lock _writing = new();
    private readonly Lock _gate = new();
    private long? _triggered;
    private long _dumps;
    private long _skipped;
    private long _failed;
    private FlightDump? _last;
    private string? _failure;

    /// <param name="settings">Where and how many.</param>
    /// <param name="processor">The name of the processor.</param>
    /// <param name="clock">Says when.</param>
    /// <param name="log">Told of each.</param>
    public RecordingDumps(RecorderSettings settings, string processor, TimeProvider clock, RecorderLog log)
    {
        _settings = settings;
        _clock = clock;
        _log = log;
        _shelf = new DumpShelf(settings.DumpDirectory, processor, settings.Options.DumpsKept);
    }

    /// <summary>Adds what it has counted.</summary>
    public FlightRecorderStats Tell(FlightRecorderStats stats)
    {
        lock (_gate)
        {
            return stats with
            {
                Dumps = _dumps,
                DumpsSkipped = _skipped,
                DumpsFailed = _failed,
                LastDump = _last,
                DumpFailure = _failure,
            };
        }
    }

    /// <summary>The program asks.</summary>
    /// <param name="directory">A new or empty one; null for one of the shelf.</param>
    /// <param name="capture">Holds what there is.</param>
    /// <exception cref="IOException">It is neither, or the disk says no.</exception>
    public FlightDump Dump(string? directory, Func<HeldRecording> capture) =>
        Write(DumpCause.Asked, directory is null ? null : Path.GetFullPath(directory), capture);

    /// <summary>A trigger asks, which may be too early. Never throws.</summary>
    public void TryDumpFor(DumpCause cause, Func<HeldRecording> capture)
    {
        lock (_gate)
        {
            if (_triggered is { } last && _clock.GetElapsedTime(last) < _settings.Options.DumpInterval)
            {
                _skipped++;
                return;
            }

            _triggered = _clock.GetTimestamp();
        }

        TryDump(cause, capture);
    }

    /// <summary>Dumps, whenever the last one was. Never throws.</summary>
    public void TryDump(DumpCause cause, Func<HeldRecording> capture)
    {
        try
        {
            Write(cause, directory: null, capture);
        }
        catch (Exception exception)
        {
            _log.OnDumpFailed(cause, _settings.DumpDirectory, exception);
        }
    }

    private FlightDump Write(DumpCause cause, string? directory, Func<HeldRecording> capture)
    {
        try
        {
            FlightDump dump;
            lock (_writing)
                dump = WriteHeld(cause, directory, capture);
            lock (_gate)
            {
                _dumps++;
                _last = dump;
                _failure = null;
            }

            _log.OnDumped(dump);
            return dump;
        }
        catch (Exception exception)
        {
            lock (_gate)
            {
                _failed++;
                _failure = string.Create(
                    CultureInfo.InvariantCulture, $"the recording could not be dumped ({cause}): {exception.Message}");
            }

            throw;
        }
    }

    private FlightDump WriteHeld(DumpCause cause, string? directory, Func<HeldRecording> capture)
    {
        using var held = capture();
        var taken = _clock.GetUtcNow();
        var target = directory ?? _shelf.NewPlace(taken, cause);
        var bytes = directory is null ? WriteToShelf(target, held) : new DumpWriter(_settings.Disk, target).Write(held);
        if (directory is null)
            _shelf.Tidy(target);
        return new FlightDump
        {
            Directory = target,
            Cause = cause,
            Taken = taken,
            BaseSequence = held.BaseSequence,
            LastSequence = held.End.NextSequence - 1,
            Bytes = bytes,
        };
    }

    private long WriteToShelf(string place, HeldRecording held)
    {
        try
        {
            return new DumpWriter(_settings.Disk, place).Write(held);
        }
        catch
        {
            DumpShelf.GiveUp(place);
            throw;
        }
    }
}
