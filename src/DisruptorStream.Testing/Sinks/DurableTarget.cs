using System.Globalization;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Durable;

namespace DisruptorStream.Testing.Sinks;

/// <summary>What <see cref="DurableCollectingSink{TKey}"/>s write to: it stays while they and processors end.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>Any thread. It belongs to one query of one processor, as its sinks do.</remarks>
public sealed class DurableTarget<TKey>
{
    private readonly Lock _gate = new();
    private readonly List<WindowResult<TKey>> _held = [];
    private readonly List<WindowResult<TKey>> _others = [];
    private DurableSinkOwner? _owner;

    /// <summary>
    /// What durable owners have stored, in the order of the numbers, from 1 on. Each call makes a list of its own.
    /// </summary>
    public IReadOnlyList<WindowResult<TKey>> Results
    {
        get
        {
            lock (_gate)
                return [.. _held];
        }
    }

    /// <summary>What processors that are not durable have stored, in the order in which it came.</summary>
    public IReadOnlyList<WindowResult<TKey>> OrdinaryResults
    {
        get
        {
            lock (_gate)
                return [.. _others];
        }
    }

    /// <summary>The number of the last result that a durable owner has stored; 0 for none.</summary>
    public long Held
    {
        get
        {
            lock (_gate)
                return _held.Count;
        }
    }

    /// <summary>Who has opened it last as a durable owner; null for nobody yet.</summary>
    public DurableSinkOwner? Owner
    {
        get
        {
            lock (_gate)
                return _owner;
        }
    }

    /// <summary>Sets the target back, as where an old copy of a database is put in its place.</summary>
    /// <param name="number">The number of the last result that it holds then; those behind it are forgotten.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or above <see cref="Held"/>.</exception>
    public void SetBack(long number)
    {
        lock (_gate)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(number);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(number, _held.Count);
            _held.RemoveRange((int)number, _held.Count - (int)number);
        }
    }

    /// <exception cref="InvalidOperationException">The owner was replaced.</exception>
    internal long Open(DurableSinkOwner owner)
    {
        lock (_gate)
        {
            if (owner.Epoch == 0)
                return _held.Count;
            ThrowIfForeign(owner);
            ThrowIfFenced(owner);
            _owner = owner;
            return _held.Count;
        }
    }

    /// <exception cref="InvalidOperationException">The owner was replaced, or results are left out.</exception>
    internal void Write(DurableSinkOwner owner, ResultBatch<TKey> batch)
    {
        lock (_gate)
        {
            if (owner.Epoch == 0)
            {
                AddTo(_others, batch, 0);
                return;
            }

            ThrowIfFenced(owner);
            if (batch.FirstNumber > _held.Count + 1)
            {
                throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The target holds results up to number {_held.Count}, and was given a batch that begins with "
                    + $"{batch.FirstNumber}: those between are missing. Open the sink, go on behind what it holds."));
            }

            // What it holds already comes again after an unknown outcome: that changes nothing.
            AddTo(_held, batch, _held.Count - batch.FirstNumber + 1);
        }
    }

    private static void AddTo(List<WindowResult<TKey>> results, ResultBatch<TKey> batch, long firstRow)
    {
        for (var row = firstRow; row < batch.Count; row++)
            results.Add(batch[(int)row].ToOwned());
    }

    private void ThrowIfForeign(DurableSinkOwner owner)
    {
        if (_held.Count > 0 && _owner is { } other && !owner.StreamId.Equals(other.StreamId, StringComparison.Ordinal))
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The target holds {_held.Count} results of another stream of '{other.ProcessorName}': its directory "
                + $"was lost or replaced, and their numbers say nothing here; use another target."));
        }
    }

    private void ThrowIfFenced(DurableSinkOwner owner)
    {
        if (_owner is { } newest && owner.Epoch < newest.Epoch
            && owner.StreamId.Equals(newest.StreamId, StringComparison.Ordinal))
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The target belongs to epoch {newest.Epoch} of '{newest.ProcessorName}', and epoch {owner.Epoch} has "
                + $"no right to it any more: end the older processor."));
        }
    }
}
