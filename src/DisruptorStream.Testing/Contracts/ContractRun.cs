using DisruptorStream.Emission.Durable;

namespace DisruptorStream.Testing.Contracts;

/// <summary>One check that is under way: its sinks, and what must be so.</summary>
internal sealed class ContractRun<TKey>
{
    private readonly string _name;
    private readonly Func<Action<string>, IDurableStore> _newSink;
    private readonly Func<int, TKey> _keyOf;
    private readonly Func<ValueTask<IReadOnlyList<long>>> _read;
    private readonly Func<IDurableStore, ValueTask> _abandon;
    private readonly List<SinkUnderTest<TKey>> _sinks = [];
    private int _steps;

    /// <param name="name">The check.</param>
    /// <param name="newSink">Makes a sink.</param>
    /// <param name="keyOf">Makes a key.</param>
    /// <param name="read">Reads the target.</param>
    /// <param name="abandon">Frees what a sink holds.</param>
    public ContractRun(
        string name,
        Func<Action<string>, IDurableStore> newSink,
        Func<int, TKey> keyOf,
        Func<ValueTask<IReadOnlyList<long>>> read,
        Func<IDurableStore, ValueTask> abandon)
    {
        (_name, _newSink, _keyOf, _read, _abandon) = (name, newSink, keyOf, read, abandon);
    }

    /// <summary>Called at each step of the sinks, with its number since <see cref="Arm"/>, from 1.</summary>
    private Action<int, string> OnStep { get; set; } = static (_, _) => { };

    /// <summary>How many steps there were since then.</summary>
    public int Steps => Volatile.Read(ref _steps);

    /// <summary>From now on steps are counted, and this is called at each.</summary>
    public void Arm(Action<int, string> onStep)
    {
        Volatile.Write(ref _steps, 0);
        OnStep = onStep;
    }

    /// <summary>Nothing happens at steps any more.</summary>
    public void Disarm() => OnStep = static (_, _) => { };

    /// <summary>A sink that is not open.</summary>
    public SinkUnderTest<TKey> NewSink()
    {
        var sink = new SinkUnderTest<TKey>(
            _newSink(step => OnStep(Interlocked.Increment(ref _steps), step)), _keyOf);
        lock (_sinks)
            _sinks.Add(sink);
        return sink;
    }

    /// <summary>A sink that was opened, and must hold results up to a number.</summary>
    public async Task<SinkUnderTest<TKey>> OpenAsync(DurableSinkOwner owner, long expected, CancellationToken token)
    {
        var sink = NewSink();
        var held = await sink.OpenAsync(owner, token).ConfigureAwait(false);
        Require(
            held == expected,
            $"OpenAsync says that the target holds results up to number {held}, and it was given all up to {expected} "
            + "and no more");
        return sink;
    }

    /// <summary>Ends a sink as the end of its process does.</summary>
    public async ValueTask AbandonAsync(SinkUnderTest<TKey> sink)
    {
        lock (_sinks)
        {
            if (!_sinks.Remove(sink))
                return;
        }

        await _abandon(sink.Sink).ConfigureAwait(false);
    }

    public async ValueTask AbandonAllAsync()
    {
        Disarm();
        SinkUnderTest<TKey>[] left;
        lock (_sinks)
            left = [.. _sinks];
        foreach (var sink in left)
            await AbandonAsync(sink).ConfigureAwait(false);
    }

    /// <summary>What a call throws; null where it succeeds.</summary>
    public static async Task<Exception?> FailureOfAsync(Func<Task> call)
    {
        try
        {
            await call().ConfigureAwait(false);
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    /// <summary>A call must be refused.</summary>
    public async Task RequireRefusedAsync(string what, Func<Task> call) =>
        Require(await FailureOfAsync(call).ConfigureAwait(false) is not null, $"{what} succeeds, and must throw");

    /// <summary>The target must have all results up to a number, as the guarantee says.</summary>
    /// <param name="guarantee">What the sink promises.</param>
    /// <param name="last">The number of the last one.</param>
    public async Task RequireHeldAsync(DurableGuarantee guarantee, long last)
    {
        List<long> numbers = [.. await _read().ConfigureAwait(false)];
        numbers.Sort();
        for (var number = 1L; number <= last; number++)
        {
            var count = numbers.FindAll(one => one == number).Count;
            Require(count > 0, $"the target lacks result {number}, and must have all up to {last}{ListOf(numbers)}");
            Require(
                count == 1 || guarantee == DurableGuarantee.AtLeastOnce,
                $"the target has result {number} {count} times, and its guarantee is {guarantee}{ListOf(numbers)}");
        }

        Require(
            guarantee != DurableGuarantee.Exact || numbers.Count == 0 || numbers[^1] <= last,
            $"the target shows results behind number {last}, which it does not say that it holds{ListOf(numbers)}");
    }

    public void Require(bool condition, string message)
    {
        if (!condition)
            throw new DurableSinkContractException(_name, message + ".");
    }

    private static string ListOf(List<long> numbers) => $" (it has {string.Join(", ", numbers)})";
}
