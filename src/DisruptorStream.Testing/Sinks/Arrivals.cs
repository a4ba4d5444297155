using System.Globalization;

namespace DisruptorStream.Testing.Sinks;

/// <summary>What has arrived at a sink, for any number of threads; somebody may wait for more of it.</summary>
internal sealed class Arrivals<T>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly string _name;
    private readonly List<T> _items = [];
    private readonly List<(int Count, TaskCompletionSource Arrived)> _waiting = [];

    /// <param name="name">What arrives, in the plural.</param>
    public Arrivals(string name) => _name = name;

    public int Count
    {
        get
        {
            lock (_gate)
                return _items.Count;
        }
    }

    /// <summary>What came last; the type's default for nothing.</summary>
    public T? Last
    {
        get
        {
            lock (_gate)
                return _items.Count == 0 ? default : _items[^1];
        }
    }

    public void Add(T item)
    {
        lock (_gate)
        {
            _items.Add(item);
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (_items.Count < _waiting[i].Count)
                    continue;
                _waiting[i].Arrived.TrySetResult();
                _waiting.RemoveAt(i);
            }
        }
    }

    public T[] ToArray()
    {
        lock (_gate)
            return [.. _items];
    }

    public void Clear()
    {
        lock (_gate)
            _items.Clear();
    }

    /// <exception cref="StreamTestException">They did not come in time.</exception>
    public async Task<IReadOnlyList<T>> WaitForAsync(
        int count, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var limit = timeout ?? Patience;
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_items.Count >= count)
                return [.. _items];
            _waiting.Add((count, arrived));
        }

        try
        {
            await arrived.Task.WaitAsync(limit, cancellationToken).ConfigureAwait(false);
            return ToArray();
        }
        catch (TimeoutException)
        {
            var items = ToArray();
            var last = items.Length == 0 ? "" : $"; the last is {items[^1]}";
            throw new StreamTestException(string.Create(
                CultureInfo.InvariantCulture,
                $"Within {limit:c} there came {items.Length} {_name}, not {count}{last}."));
        }
        finally
        {
            lock (_gate)
                _waiting.RemoveAll(one => one.Arrived == arrived);
        }
    }
}
