using System.Diagnostics;
using DisruptorStream.Durability.Files;

namespace DisruptorStream.Durability.Journal.Writing;

/// <content>What is written, what is durable, and what failed.</content>
internal sealed unsafe partial class JournalWriter
{
    private readonly Lock _syncGate = new();
    private readonly Lock _gate = new();
    private readonly List<UnsyncedFile> _unsynced = [];
    private readonly List<UnsyncedFile> _syncing = [];
    private readonly FilePart[] _headerPart = new FilePart[1];
    private IFile? _file;
    private bool _isDirectoryUnsynced;
    private JournalPosition _written;
    private JournalPosition _durable;
    private long _lastOrdinal;
    private long _durableOrdinal;
    private long _writtenThrough;
    private long _durableThrough;
    private long _bytesWritten;
    private long _bytesSynced;
    private JournalException? _failure;

    /// <summary>The last slot that was written: it outlives the process.</summary>
    public long WrittenThrough => Volatile.Read(ref _writtenThrough);

    /// <summary>The last slot that is durable: it outlives a power cut.</summary>
    public long DurableThrough => Volatile.Read(ref _durableThrough);

    /// <summary>The last frame that was written.</summary>
    public long LastOrdinal => Volatile.Read(ref _lastOrdinal);

    /// <summary>The last frame that is durable.</summary>
    public long DurableOrdinal => Volatile.Read(ref _durableOrdinal);

    /// <summary>How many bytes were written since what was durable when the last sync began, about.</summary>
    public long UnsyncedBytes => Volatile.Read(ref _bytesWritten) - Volatile.Read(ref _bytesSynced);

    /// <inheritdoc/>
    public JournalPosition End
    {
        get
        {
            lock (_gate)
                return _written;
        }
    }

    /// <summary>What is durable already, for a reader: no <see cref="Reseat"/> makes it void.</summary>
    public IJournalSegments DurableSegments => new DurableView(this);

    /// <summary>What went wrong: every call throws it; null where nothing did.</summary>
    public JournalException? Failure => Volatile.Read(ref _failure);

    /// <summary>
    /// Makes durable what was written when it began. Where that is durable already, nothing is done.
    /// </summary>
    /// <exception cref="JournalException">The disk failed, now or before.</exception>
    public void Sync()
    {
        lock (_syncGate)
        {
            ThrowIfFailed();
            JournalPosition target;
            IFile current;
            bool isDirectoryUnsynced;
            string path;
            lock (_gate)
            {
                target = _written;
                if (target.Ordinal == _durable.Ordinal)
                    return;
                current = _file!;
                Volatile.Write(ref _bytesSynced, Volatile.Read(ref _bytesWritten));
                path = _segments[^1].Path;
                isDirectoryUnsynced = _isDirectoryUnsynced;
                _isDirectoryUnsynced = false;
                _syncing.Clear();
                _syncing.AddRange(_unsynced);
            }

            var begun = Stopwatch.GetTimestamp();
            try
            {
                foreach (var full in _syncing)
                    full.File.Sync();
                current.Sync();
                if (isDirectoryUnsynced)
                    _files.SyncDirectory(_directory);
            }
            catch (Exception error) when (IsOfDisk(error))
            {
                throw Fail(path, "synced", error);
            }

            lock (_gate)
                _unsynced.RemoveRange(0, _syncing.Count);
            foreach (var full in _syncing)
                full.File.Dispose();
            _syncing.Clear();
            PublishDurable(in target);
            _options.OnSynced?.Invoke(Stopwatch.GetElapsedTime(begun));
        }
    }

    /// <summary>
    /// Goes on after a failure, in a new segment of the next generation, from the first slot that is not durable. What
    /// was written behind that slot before is void from then on.
    /// </summary>
    /// <remarks>
    /// Slots that were not durable have to be appended again. Records, positions and the like must not: what was handed
    /// over is written again here, also where the call that handed it over failed.
    /// </remarks>
    /// <returns>The slot that has to be appended next: <see cref="DurableThrough"/> + 1.</returns>
    /// <exception cref="InvalidOperationException">The options say that nothing is kept for this.</exception>
    /// <exception cref="JournalException">That failed too; it can be tried again.</exception>
    public long Reseat()
    {
        if (!_options.CanReseat)
            throw new InvalidOperationException("The journal keeps no records to write again; set CanReseat.");
        lock (_syncGate)
        {
            CloseFiles();
            _staged.Clear();
            _position = _durable;
            PublishWritten();
            Volatile.Write(ref _generation, _generation + 1);
            Volatile.Write(ref _failure, null);
        }

        _kept.Forget(DurableOrdinal);
        Roll(leastPayloadBytes: 0);
        for (var index = 0; index < _kept.Count; index++)
        {
            var payload = _kept.Get(index, out var kind, out var count);
            StageOther(kind, count, payload);
            _kept.SetOrdinal(index, _position.Ordinal);
        }

        Write();
        return _position.NextSequence;
    }

    private static bool IsOfDisk(Exception error) => error is IOException or UnauthorizedAccessException;

    private void ThrowIfFailed()
    {
        if (Failure is { } failure)
            throw failure;
    }

    private JournalException Fail(string path, string what, Exception error)
    {
        lock (_gate)
        {
            _failure ??= JournalException.Failed(path, what, error);
            return _failure;
        }
    }

    private void PublishWritten()
    {
        lock (_gate)
            _written = _position;

        // These pair with the reads in the properties.
        Volatile.Write(ref _writtenThrough, _position.NextSequence - 1);
        Volatile.Write(ref _lastOrdinal, _position.Ordinal);
    }

    private void PublishDurable(in JournalPosition position)
    {
        lock (_gate)
            _durable = position;

        // These pair with the reads in the properties.
        Volatile.Write(ref _durableThrough, position.NextSequence - 1);
        Volatile.Write(ref _durableOrdinal, position.Ordinal);
    }

    private void CloseFiles()
    {
        foreach (var full in _unsynced)
            full.File.Dispose();
        _unsynced.Clear();
        _file?.Dispose();
        _file = null;
    }

    private sealed class DurableView : IJournalSegments
    {
        private readonly JournalWriter _writer;

        public DurableView(JournalWriter writer) => _writer = writer;

        public JournalSegment[] Segments => _writer.Segments;

        public long LastOrdinal => _writer.DurableOrdinal;

        public JournalPosition End
        {
            get
            {
                lock (_writer._gate)
                    return _writer._durable;
            }
        }
    }
}
