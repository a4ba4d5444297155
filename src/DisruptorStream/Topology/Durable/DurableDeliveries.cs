using System.Globalization;
using DisruptorStream.Emission.Gating;
using DisruptorStream.Plans;
using DisruptorStream.Topology.Queries;

namespace DisruptorStream.Topology.Durable;

/// <summary>The ways of the results of a durable processor: while it recovers, afterwards, and of its shadow.</summary>
internal sealed class DurableDeliveries
{
    private readonly DeliveryMaker[] _deliveries;

    /// <param name="deliveries">Make the ways of the results, in the order of the plan's queries.</param>
    public DurableDeliveries(IReadOnlyList<DeliveryMaker> deliveries) => _deliveries = [.. deliveries];

    /// <summary>How many queries there are.</summary>
    public int Count => _deliveries.Length;

    /// <summary>Those whose results go nowhere.</summary>
    public DeliveryMaker[] Shadows => Array.ConvertAll(_deliveries, delivery => delivery.ToShadow());

    /// <summary>Whether there are durable sinks, which are to be opened.</summary>
    public bool HasStores => Array.Exists(_deliveries, delivery => delivery.HasStores);

    /// <summary>The sinks that know what they hold are asked.</summary>
    /// <param name="plan">Whose they are.</param>
    /// <param name="epoch">Which owner of the directory it is.</param>
    /// <param name="streamId">Which stream is in the directory.</param>
    /// <exception cref="InvalidOperationException">A sink threw, or gave no number; the message names it.</exception>
    public void Open(ProcessorPlan plan, long epoch, UInt128 streamId)
    {
        var id = streamId.ToString("x32", CultureInfo.InvariantCulture);
        for (var query = 0; query < _deliveries.Length; query++)
        {
            var (delivery, owner) = (_deliveries[query], plan.OwnerOf(plan.Queries[query], epoch, id));

            // Not on this thread: a host may have it wait for what the sink goes on with.
            _deliveries[query] = Task.Run(() => delivery.OpenAsync(owner, CancellationToken.None))
                .GetAwaiter().GetResult();
        }
    }

    /// <summary>Up to which number every sink of each query holds its results.</summary>
    public long[] HeldBy(ArrivedResults arrived)
    {
        var held = new long[_deliveries.Length];
        for (var query = 0; query < held.Length; query++)
        {
            held[query] = arrived.NumberOf(query);
            foreach (var number in _deliveries[query].Held)
                held[query] = Math.Min(held[query], number);
        }

        return held;
    }

    /// <summary>The highest number that a durable sink of a query holds; 0 for none.</summary>
    public long MostHeldBy(int query)
    {
        var most = 0L;
        foreach (var number in _deliveries[query].Held)
            most = Math.Max(most, number);
        return most;
    }

    /// <summary>Those whose sinks get only what has not arrived.</summary>
    public DeliveryMaker[] Behind(ArrivedResults arrived)
    {
        var deliveries = new DeliveryMaker[_deliveries.Length];
        for (var query = 0; query < deliveries.Length; query++)
        {
            deliveries[query] = _deliveries[query].GoOnBehind(
                arrived.NumberOf(query), arrived.DroppedOf(query));
        }

        return deliveries;
    }

    /// <summary>Those whose results wait until they may go.</summary>
    public DeliveryMaker[] At(DeliveryGate gate) =>
        Array.ConvertAll(_deliveries, delivery => delivery.WithGate(gate));
}
