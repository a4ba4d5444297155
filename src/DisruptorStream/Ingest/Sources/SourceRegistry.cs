using System.Buffers;
using DisruptorStream.Codecs.BuiltIn;
using DisruptorStream.Identities;
using DisruptorStream.Saving;

namespace DisruptorStream.Ingest.Sources;

/// <summary>The names of the sources, and the numbers that their slots carry.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class SourceRegistry
{
    /// <summary>The most sources at a time.</summary>
    public const int MaxSources = ushort.MaxValue;

    /// <summary>The source of a processor's own publish methods.</summary>
    public const string DefaultName = "default";

    /// <summary>The source of a typed processor's own publish methods.</summary>
    public const string EventsName = "events";

    private readonly Lock _gate = new();
    private readonly List<string?> _names = [];
    private readonly Stack<int> _free = new();
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly HashSet<int> _leaving = [];
    private readonly Dictionary<string, int> _orphans = new(StringComparer.Ordinal);
    private readonly HashSet<int> _unlisted = [];
    private SideLog? _log;
    private long _first;
    private bool[] _ordered = [];

    public SourceRegistry() => Removals = new SourceRemovals(this);

    /// <summary>Those that were disposed, and whose last slot finds no room.</summary>
    public SourceRemovals Removals { get; }

    /// <summary>How far sources had been read, as records tell it: as of the slot where it was saved.</summary>
    public SourcePositions Positions { get; } = new();

    /// <summary>Whether there may be sources whose events a journal keeps only the order of.</summary>
    // Pairs with the write in SetOrdered.
    public bool HasOrdered => Volatile.Read(ref _ordered).Length > 0;

    /// <summary>Gives a name a number. A source that was loaded, and that nobody has yet, is taken over.</summary>
    /// <exception cref="ArgumentException">The name is empty or in use.</exception>
    /// <exception cref="InvalidOperationException">There are too many sources.</exception>
    public int Register(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);

        // Pairs with the write in Attach.
        Volatile.Read(ref _log)?.WaitForRoom();
        lock (_gate)
        {
            if (_orphans.Remove(name, out var orphan))
                return orphan;
            if (_used.Contains(name))
            {
                throw new ArgumentException(
                    $"There is already a source '{name}'; choose another name, or dispose that source's publisher "
                    + "first.",
                    nameof(name));
            }

            if (!_free.TryPop(out var source))
            {
                if (_names.Count == MaxSources)
                {
                    throw new InvalidOperationException(
                        $"There are {MaxSources} sources already, so '{name}' cannot be added; dispose publishers no "
                        + "longer used.");
                }

                source = _names.Count;
                _names.Add(null);
            }

            _used.Add(name);
            _names[source] = name;
            _log?.Add(Record(IdentityKind.SourceNamed, source, BodyOf(name), _first));
            return source;
        }
    }

    /// <summary>Whether a journal keeps only the order of the events of a source.</summary>
    public bool IsOrdered(int source)
    {
        // Pairs with the write in SetOrdered, which comes before the first slot of the source.
        var ordered = Volatile.Read(ref _ordered);
        return source < ordered.Length && ordered[source];
    }

    /// <summary>A journal keeps only the order of the events of a source. Before any of them is published.</summary>
    public void SetOrdered(int source, bool isOrdered = true)
    {
        lock (_gate)
        {
            if (!isOrdered && source >= _ordered.Length)
                return;
            var ordered = new bool[Math.Max(_ordered.Length, source + 1)];
            _ordered.CopyTo(ordered, 0);
            ordered[source] = isOrdered;

            // Pairs with the reads in HasOrdered and IsOrdered.
            Volatile.Write(ref _ordered, ordered);
        }
    }

    /// <summary>Frees the name of a source that was disposed; its number stays taken.</summary>
    public void ReleaseName(int source)
    {
        lock (_gate)
        {
            if (_names[source] is { } name)
                _used.Remove(name);
            _names[source] = null;
            _leaving.Add(source);
            Positions.Remove(source);
            _log?.Add(Record(IdentityKind.SourceLeft, source, default, _first));
        }
    }

    /// <summary>Frees a number that has no name any more; call once its removal has been published.</summary>
    /// <param name="source">The number.</param>
    /// <param name="removed">The slot that removes the source; none where no slot ever named it.</param>
    public void ReleaseNumber(int source, long removed = IdentityRecord.NoSlot)
    {
        lock (_gate)
        {
            _leaving.Remove(source);
            _free.Push(source);
            SetOrdered(source, isOrdered: false);

            // Who gets the number next publishes behind this slot, and behind those that others are about to tell of.
            _first = Math.Max(_first, removed + 1);
            _log?.Add(Record(IdentityKind.SourceReleased, source, default, _first));
        }
    }

    /// <summary>From now on a side log is told of each source, after all that there are already.</summary>
    /// <param name="log">What is told.</param>
    /// <param name="goesOnFrom">
    /// The slot from which on a log goes on that knows all that there is; -1 for a log that knows nothing.
    /// </param>
    public void Attach(SideLog log, long goesOnFrom = -1)
    {
        lock (_gate)
        {
            _first = Math.Max(_first, goesOnFrom);
            var records = new ArrayBufferWriter<byte>();
            if (goesOnFrom < 0)
                Write(records, _first);
            log.AddAll(records.WrittenSpan);

            // Pairs with the read in Register.
            Volatile.Write(ref _log, log);
        }
    }

    /// <summary>Tells how far a source has been read, by its one reader, when all that it read is published.</summary>
    /// <param name="source">The number.</param>
    /// <param name="position">Where it goes on.</param>
    /// <param name="since">How many events behind the position are published already.</param>
    /// <param name="sequence">A slot behind those of the source so far, and not behind its next one.</param>
    public void Tell(int source, ReadOnlySpan<byte> position, long since, long sequence)
    {
        if (Volatile.Read(ref _log) is not { } log)
            return;
        log.WaitForRoom();
        log.Add(SourcePositions.RecordOf(source, position, since, sequence));
    }

    /// <summary>Writes all as records: the sources by number, then the free numbers in the order of release.</summary>
    public void Save(IBufferWriter<byte> output)
    {
        lock (_gate)
            Write(output, sequence: 0);
    }

    /// <summary>A number stands for a source, as a record says.</summary>
    /// <exception cref="StateException">It does not follow from what was told before.</exception>
    public void Define(int source, string name)
    {
        lock (_gate)
        {
            if (source >= MaxSources || string.IsNullOrWhiteSpace(name) || NameOf(source) is not null
                || _leaving.Contains(source))
            {
                throw IdentityRecord.Damaged($"the source '{name}' cannot get the number {source}");
            }

            if (_used.Contains(name))
                throw IdentityRecord.Damaged($"two sources have the name '{name}'");
            if (_free.TryPeek(out var next) && next == source)
                _free.Pop();
            else
                TakeUnlisted(source);
            _used.Add(name);
            _names[source] = name;
        }
    }

    /// <summary>The name of a source is free, as a record says, and its number is still taken.</summary>
    /// <exception cref="StateException">The number stands for no source.</exception>
    public void Leave(int source)
    {
        lock (_gate)
        {
            if (source >= MaxSources || !_leaving.Add(source))
                throw IdentityRecord.Damaged($"the source with the number {source} leaves, and there is none");
            if (NameOf(source) is { } name)
                _used.Remove(name);
            else
                TakeUnlisted(source);
            _names[source] = null;
            Positions.Remove(source);
        }
    }

    /// <summary>
    /// A number is free, as a record says: it stood for a source, or is in a saved list of free ones.
    /// </summary>
    /// <exception cref="StateException">It is free already, or is none.</exception>
    public void Free(int source)
    {
        lock (_gate)
        {
            if (source >= MaxSources)
                throw IdentityRecord.Damaged($"the number {source} of a source is released, and is none");
            if (NameOf(source) is { } name)
                _used.Remove(name);
            else if (!_leaving.Remove(source))
                TakeUnlisted(source);
            _names[source] = null;
            Positions.Remove(source);
            _free.Push(source);
        }
    }

    /// <summary>
    /// All was told, and the processor goes on: each source waits for a publisher of its name, and those that have left
    /// are taken out.
    /// </summary>
    public void GoOn()
    {
        lock (_gate)
        {
            for (var source = 0; source < _names.Count; source++)
            {
                if (_names[source] is { } name)
                    _orphans.Add(name, source);
            }
        }

        foreach (var source in _leaving)
            Removals.Add((ushort)source);
    }

    /// <summary>All was told that a saved registry tells.</summary>
    /// <exception cref="StateException">A free number is missing in the list of free numbers.</exception>
    public void ThrowUnlessWhole()
    {
        lock (_gate)
        {
            if (_unlisted.Count > 0)
            {
                throw IdentityRecord.Damaged(
                    $"{_unlisted.Count} free numbers of sources are not in the list of free numbers");
            }
        }
    }

    /// <summary>The name of a source; null when it is gone.</summary>
    public string? NameOf(int source)
    {
        lock (_gate)
            return source < _names.Count ? _names[source] : null;
    }

    /// <summary>Takes a number that was not told of yet, and is not in the list of free ones.</summary>
    private void TakeUnlisted(int source)
    {
        for (; _names.Count <= source; _names.Add(null))
            _unlisted.Add(_names.Count);
        if (!_unlisted.Remove(source))
            throw IdentityRecord.Damaged($"the number {source} of a source is free, and not the next one");
    }

    private void Write(IBufferWriter<byte> output, long sequence)
    {
        for (var source = 0; source < _names.Count; source++)
        {
            if (_names[source] is { } name)
                Record(IdentityKind.SourceNamed, source, BodyOf(name), sequence).Write(output);
            else if (_leaving.Contains(source))
                Record(IdentityKind.SourceLeft, source, default, sequence).Write(output);
        }

        var free = _free.ToArray();
        for (var index = free.Length - 1; index >= 0; index--)
            Record(IdentityKind.SourceReleased, free[index], default, sequence).Write(output);
        Positions.Save(output, sequence);
    }

    private static IdentityRecord Record(IdentityKind kind, int source, ReadOnlySpan<byte> body, long sequence) =>
        new() { Kind = kind, Sequence = sequence, Number = source, Body = body };

    private static ReadOnlySpan<byte> BodyOf(string name)
    {
        var body = new ArrayBufferWriter<byte>();
        TextCodec.Instance.Write(name, body);
        return body.WrittenSpan;
    }
}
