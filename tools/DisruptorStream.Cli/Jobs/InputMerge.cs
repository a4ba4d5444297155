using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Input.Records;
using DisruptorStream.Cli.Input.Rows;
using DisruptorStream.Expressions.Kernels.Conversions;

namespace DisruptorStream.Cli.Jobs;

/// <summary>
/// Several inputs as one: always the one whose next event is the oldest, so that files replay side by side.
/// </summary>
internal sealed class InputMerge : IAsyncDisposable
{
    private readonly EventReader[] _readers;
    private readonly PriorityQueue<int, (long Ticks, int Index)> _heads = new();
    private readonly Queue<int> _completed = new();
    private int _current = -1;
    private bool _isPrimed;

    public InputMerge(EventLayout layout, IReadOnlyList<JobInput> inputs, BadLines badLines)
    {
        var keys = FileKeys(inputs);
        _readers =
        [
            .. inputs.Select((input, index) => new EventReader(
                input.Name, input.Stream, layout, badLines, keys[index])),
        ];
        Names = UniqueNames(inputs);
    }

    /// <summary>A name for each input; where one occurs twice, it is numbered.</summary>
    public IReadOnlyList<string> Names { get; }

    public EventReader Current => _readers[_current];

    public int CurrentIndex => _current;

    /// <summary>Goes to the next event. Returns false when all inputs have ended.</summary>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        if (!_isPrimed)
        {
            _isPrimed = true;
            for (var index = 0; index < _readers.Length; index++)
                await AdvanceAsync(index, cancellationToken).ConfigureAwait(false);
        }
        else if (_current >= 0)
        {
            await AdvanceAsync(_current, cancellationToken).ConfigureAwait(false);
        }

        return TakeHead();
    }

    /// <summary>
    /// Goes to the next event where that needs no reading; otherwise says false, and changes nothing.
    /// </summary>
    public bool TryMoveNext()
    {
        var reader = _readers[_current];
        if (!reader.TryMoveNext())
            return false;
        if (_heads.Count == 0)
            return true;
        _current = _heads.EnqueueDequeue(_current, (reader.Ticks, _current));
        return true;
    }

    /// <summary>
    /// Reads the next ordinary rows of the input whose event came last, as long as it is their turn, and without
    /// waiting.
    /// </summary>
    /// <param name="rows">Where they go.</param>
    /// <param name="keys">The ids of their keys.</param>
    /// <returns>Whether there are any; the next event is then behind them.</returns>
    public bool TryReadRows(RowBatch rows, KeyCache keys)
    {
        var lastTicks = !_heads.TryPeek(out var head, out var next) ? long.MaxValue
            : head > _current ? next.Ticks
            : next.Ticks - 1;
        return _readers[_current].TryReadRows(rows, keys, lastTicks);
    }

    /// <summary>The inputs that have ended since this was asked last, one by one.</summary>
    public bool TryTakeCompleted(out int index) => _completed.TryDequeue(out index);

    /// <summary>Adds what the lines of all inputs have shown of the fields.</summary>
    public void AddTo(FieldSightings sightings)
    {
        foreach (var reader in _readers)
            reader.AddTo(sightings);
    }

    /// <summary>The cells so far that were not what an expression needs.</summary>
    public IEnumerable<UnreadCells> Unread => _readers.SelectMany(reader => reader.Unread);

    public async ValueTask DisposeAsync()
    {
        foreach (var reader in _readers)
            await reader.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The last part of each name; the whole name where files of other folders have the same.</summary>
    private static List<string> FileKeys(IReadOnlyList<JobInput> inputs)
    {
        var clashing = inputs.Select(input => input.Name).Distinct(StringComparer.Ordinal)
            .GroupBy(name => Path.GetFileName(name), StringComparer.Ordinal)
            .Where(group => group.Skip(1).Any())
            .Select(group => group.Key)
            .ToHashSet(StringComparer.Ordinal);
        return [.. inputs.Select(input => Path.GetFileName(input.Name) is var last && clashing.Contains(last)
            ? input.Name
            : last)];
    }

    private static List<string> UniqueNames(IReadOnlyList<JobInput> inputs)
    {
        var names = new List<string>();
        foreach (var input in inputs)
        {
            var name = input.Name;
            for (var number = 2; names.Contains(name, StringComparer.Ordinal); number++)
                name = $"{input.Name}#{number}";
            names.Add(name);
        }

        return names;
    }

    private async ValueTask AdvanceAsync(int index, CancellationToken cancellationToken)
    {
        var reader = _readers[index];
        if (await reader.MoveNextAsync(cancellationToken).ConfigureAwait(false))
            _heads.Enqueue(index, (reader.Ticks, index));
        else
            _completed.Enqueue(index);
    }

    private bool TakeHead()
    {
        if (_heads.TryDequeue(out _current, out _))
            return true;
        _current = -1;
        return false;
    }
}
