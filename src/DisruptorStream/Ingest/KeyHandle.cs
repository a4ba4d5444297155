using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Ingest.Keys;

namespace DisruptorStream.Ingest;

/// <summary>A key that was looked up once: publishing with it costs no look-up.</summary>
/// <remarks>
/// <para>
/// The handle pins its key: until it is disposed, the key is never retired, however long it is idle, and it counts
/// towards <c>MaxKeys</c>. There is no finalizer: a handle that is dropped without being disposed pins its key for the
/// life of the processor. Two handles of one key are independent pins.
/// </para>
/// <para>It belongs to the processor that made it. It may be used from any thread.</para>
/// </remarks>
public sealed class KeyHandle : IDisposable
{
    private readonly int _stamp;
    private IPinnedKeys? _keys;

    internal KeyHandle(IPinnedKeys keys, int id, int stamp)
    {
        _keys = keys;
        Id = id;
        _stamp = stamp;
    }

    internal int Id { get; }

    // Pairs with the exchange in Dispose. Read inside a claim, "not disposed" means that whatever retires the key later
    // is a slot behind that claim.
    internal bool IsDisposed => Volatile.Read(ref _keys) is null;

    /// <summary>Whether the handle is one of these keys and not disposed, as <see cref="IsDisposed"/> is.</summary>
    // Pairs with the exchange in Dispose.
    internal bool IsOf(IPinnedKeys keys) => ReferenceEquals(Volatile.Read(ref _keys), keys);

    /// <summary>Unpins the key; the handle cannot be used afterwards. Any further call does nothing.</summary>
    public void Dispose() => Interlocked.Exchange(ref _keys, null)?.Unpin(Id);

    /// <summary>The id, which is valid for the claim that the caller holds.</summary>
    /// <exception cref="ObjectDisposedException">The handle was disposed.</exception>
    internal int IdOrThrow()
    {
        if (IsDisposed)
            ThrowDisposed();
        return Id;
    }

    /// <summary>
    /// The id, which is valid for the claim that the caller holds, if the handle is one of these keys.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The handle was disposed.</exception>
    /// <exception cref="ArgumentException">The handle was made by another processor.</exception>
    internal int IdOrThrow(IPinnedKeys keys)
    {
        if (!IsOf(keys))
            ThrowUnusable(nameof(keys));
        return Id;
    }

    /// <summary>The id, and the stamp that says which key of which processor has it.</summary>
    /// <exception cref="ObjectDisposedException">The handle was disposed.</exception>
    internal int IdOrThrow(out int stamp)
    {
        if (IsDisposed)
            ThrowDisposed();
        stamp = _stamp;
        return Id;
    }

    private void ThrowUnusable(string parameterName)
    {
        if (IsDisposed)
            ThrowDisposed();
        throw new ArgumentException(
            $"The key handle with id {Id} was made by another processor; get one from the processor that you "
            + "publish to.",
            parameterName);
    }

    [DoesNotReturn]
    private void ThrowDisposed() => throw new ObjectDisposedException(
        nameof(KeyHandle),
        $"The key handle with id {Id} was disposed, so its key may have been retired; get a new handle for the key.");
}
