using System.Globalization;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Pumping;
using DisruptorStream.Messages;
using DisruptorStream.Telemetry.Guards;

namespace DisruptorStream.Emission.Durable;

/// <summary>Opens the durable sinks of a query, before its processor is built.</summary>
internal static class DurableSinks
{
    /// <summary>Whether there is a durable sink that nobody has opened.</summary>
    public static bool AnyToOpen<TKey>(
        IReadOnlyList<SinkRegistration<IResultSink<TKey>>> sinks,
        IReadOnlyList<AsyncSinkRegistration<TKey>> asyncSinks)
    {
        foreach (var sink in sinks)
        {
            if (sink is { IsOpen: false, Sink: IDurableSink<TKey> })
                return true;
        }

        foreach (var sink in asyncSinks)
        {
            if (sink is { IsOpen: false, Sink: IAsyncDurableSink<TKey> })
                return true;
        }

        return false;
    }

    /// <summary>Opens an asynchronous sink that nobody has opened; null where there is nothing to open.</summary>
    public static Func<CancellationToken, ValueTask<long>>? OpeningOf<TKey>(
        AsyncSinkRegistration<TKey> registration, DurableSinkOwner? owner) =>
        owner is not null && registration is { IsOpen: false, Sink: IAsyncDurableSink<TKey> sink }
            ? token => sink.OpenAsync(owner, token)
            : null;

    /// <summary>Opens them one after the other, each once, and notes what they hold.</summary>
    /// <param name="sinks">The sinks of a query. Those that are not durable stay as they are.</param>
    /// <param name="owner">For whom.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidOperationException">A sink threw, or gave no number; the message names it.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<IReadOnlyList<SinkRegistration<IResultSink<TKey>>>> OpenAsync<TKey>(
        IReadOnlyList<SinkRegistration<IResultSink<TKey>>> sinks,
        DurableSinkOwner owner,
        CancellationToken cancellationToken)
    {
        var opened = new List<SinkRegistration<IResultSink<TKey>>>(sinks.Count);
        foreach (var sink in sinks)
        {
            if (sink.Sink is not IDurableSink<TKey> durable)
            {
                opened.Add(sink);
                continue;
            }

            var same = opened.Find(other => ReferenceEquals(other.Sink, durable));
            var held = same?.HeldThrough ?? await OpenAsync(durable, owner, cancellationToken).ConfigureAwait(false);
            opened.Add(sink with { IsOpen = true, HeldThrough = held });
        }

        return opened;
    }

    /// <summary>The same for asynchronous sinks.</summary>
    public static async Task<IReadOnlyList<AsyncSinkRegistration<TKey>>> OpenAsync<TKey>(
        IReadOnlyList<AsyncSinkRegistration<TKey>> sinks,
        DurableSinkOwner owner,
        CancellationToken cancellationToken)
    {
        var opened = new List<AsyncSinkRegistration<TKey>>(sinks.Count);
        foreach (var sink in sinks)
        {
            opened.Add(sink.Sink is IAsyncDurableSink<TKey> durable
                ? sink with
                {
                    IsOpen = true,
                    HeldThrough = await OpenAsync(durable, owner, cancellationToken).ConfigureAwait(false),
                }
                : sink);
        }

        return opened;
    }

    private static async Task<long> OpenAsync(
        IDurableStore sink, DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        var name = $"The sink {TypeText.Of(sink.GetType())} of the query '{owner.QueryName}'";
        long held;
        try
        {
            held = await sink.OpenAsync(owner, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (
            failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"{name} could not be opened for epoch {owner.Epoch} ")
                + $"({TypeText.Of(failure.GetType())}: {HostFailures.TextOf(failure)}), so the processor is not built; "
                + "mend the sink or its target, and build again.",
                failure);
        }

        return held >= 0 ? held : throw new InvalidOperationException(string.Create(
            CultureInfo.InvariantCulture,
            $"{name} says that it holds results up to number {held}; OpenAsync must return the number of the last "
            + $"result that the target holds, or 0 for none."));
    }
}
