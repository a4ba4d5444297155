using DisruptorStream.Emission.Durable;

namespace DisruptorStream.Testing.Contracts;

/// <summary>
/// Checks that a durable sink of your own keeps the contract: derive from it, say how a sink and its target are made,
/// and run the <see cref="Checks"/> from a test of any framework.
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// <para>A sink is ended before, inside and after its writes, as a kill ends it; writes come twice; two owners are
/// there at once; the target is set back and lost. After each of these the target must hold what
/// <see cref="IDurableStore.Guarantee"/> promises.</para>
/// <para>One check at a time: they share the target. Each takes some milliseconds beside what the sink takes; a call
/// that does not return within a minute fails its check.</para>
/// </remarks>
public abstract partial class DurableSinkContract<TKey>
{
    private const int MostSteps = 64;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    /// <summary>Makes the checks; nothing is opened before they run.</summary>
    protected DurableSinkContract() => Checks =
    [
        New("an empty target holds nothing", EmptyTargetAsync),
        New("results and position are stored together", StoredTogetherAsync),
        New("a repeat is harmless", RepeatAsync),
        New("a gap is refused", GapAsync),
        New("a killed write is there as a whole or not at all", KilledAsync),
        New("after an unknown outcome the same write is taken again", UnknownOutcomeAsync),
        New("a cancelled write leaves the target whole", CancelledAsync),
        New("an older epoch is fenced", StaleEpochAsync),
        New("an owner is fenced in the middle of a write", TwoOwnersAsync),
        New("the same owner may open again", SameOwnerAsync),
        New("another stream is refused", OtherStreamAsync),
        New("a target that was set back says so", SetBackAsync),
        New("a target that is lost holds nothing", LostAsync),
        New("an owner with epoch 0 leaves the position alone", OrdinaryOwnerAsync),
    ];

    /// <summary>All checks. Each begins with an empty target.</summary>
    public IReadOnlyList<DurableSinkCheck> Checks { get; }

    /// <summary>Runs one check.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DurableSinkContractException">The sink breaks the contract.</exception>
    /// <exception cref="ArgumentException">There is no such check.</exception>
    public Task CheckAsync(string name, CancellationToken cancellationToken = default)
    {
        foreach (var check in Checks)
        {
            if (check.Name.Equals(name, StringComparison.Ordinal))
                return check.RunAsync(cancellationToken);
        }

        throw new ArgumentException($"There is no check '{name}'; Checks lists them.", nameof(name));
    }

    /// <summary>Runs all checks.</summary>
    /// <param name="cancellationToken">Ends them.</param>
    /// <exception cref="DurableSinkContractException">The sink breaks the contract.</exception>
    public async Task CheckAllAsync(CancellationToken cancellationToken = default)
    {
        foreach (var check in Checks)
            await check.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a sink that is not open, on the target that all sinks of a check share.</summary>
    /// <param name="onStep">
    /// Let the sink call it between the steps of a write, such as after the rows and before the commit, from wherever
    /// you can: what it throws stands for the kill. <see cref="PositionedSink{TKey}.OnStep"/> takes it. Without it the
    /// sink is ended at its calls only.
    /// </param>
    protected abstract IDurableStore NewSink(Action<string> onStep);

    /// <summary>Makes a key.</summary>
    /// <param name="index">0 to 2; each is another key.</param>
    protected abstract TKey KeyOf(int index);

    /// <summary>Makes the target empty, as if no sink had ever been there.</summary>
    protected abstract ValueTask ResetAsync();

    /// <summary>
    /// Reads the numbers of the results that a user of the target finds there, in any order, each as often as it is
    /// there.
    /// </summary>
    protected abstract ValueTask<IReadOnlyList<long>> ReadNumbersAsync();

    /// <summary>Copies the target, with all that the sink keeps beside it.</summary>
    /// <returns>Puts the copy in the place of the target.</returns>
    protected abstract ValueTask<Func<ValueTask>> CopyAsync();

    /// <summary>
    /// Loses the results in the target, as where a table or a file is deleted; what is kept elsewhere may stay.
    /// </summary>
    protected abstract ValueTask LoseAsync();

    /// <summary>
    /// A sink was ended: frees what the end of its process would free, such as connections, and writes nothing. By
    /// default a sink that can be disposed of is.
    /// </summary>
    /// <param name="sink">The sink.</param>
    protected virtual async ValueTask AbandonAsync(IDurableStore sink)
    {
        if (sink is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync().ConfigureAwait(false);
        else
            (sink as IDisposable)?.Dispose();
    }

    private static DurableSinkOwner Owner(long epoch, char stream = 'a') => new()
    {
        ProcessorName = "contract",
        QueryName = "checks",
        Epoch = epoch,
        StreamId = epoch == 0 ? "" : new string(stream, 32),
        PlanFingerprint = new string('f', 32),
    };

    private DurableSinkCheck New(string name, Func<ContractRun<TKey>, CancellationToken, Task> check) =>
        new(name, async token =>
        {
            await ResetAsync().ConfigureAwait(false);
            var run = new ContractRun<TKey>(name, NewSink, KeyOf, ReadNumbersAsync, AbandonAsync);
            try
            {
                await check(run, token).ConfigureAwait(false);
            }
            catch (Exception failure) when (
                failure is not (DurableSinkContractException or OperationCanceledException))
            {
                throw new DurableSinkContractException(
                    name, $"a call threw that should not: {failure.Message}", failure);
            }
            finally
            {
                await run.AbandonAllAsync().ConfigureAwait(false);
            }
        });
}
