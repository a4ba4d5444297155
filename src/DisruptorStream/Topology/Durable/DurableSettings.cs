using System.Buffers.Binary;
using System.Security.Cryptography;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Files;
using DisruptorStream.Topology.Durable.Remaking;

namespace DisruptorStream.Topology.Durable;

/// <summary>Where and how a processor keeps its journal and its snapshots.</summary>
/// <param name="Directory">The directory.</param>
/// <param name="Options">How.</param>
internal sealed record DurableSettings(string Directory, DurabilityOptions Options)
{
    /// <summary>Those of the builder.</summary>
    /// <exception cref="ArgumentException">The directory is empty, or the options do not go together.</exception>
    public static DurableSettings Of(string directory, DurabilityOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        options ??= new DurabilityOptions();
        if (options is { OnSyncFailure: SyncFailurePolicy.Reseat, Mode: DurabilityMode.Async })
        {
            throw new ArgumentException(
                "OnSyncFailure is Reseat and Mode is Async: what may be lost is no longer in the ring then; set Mode "
                + "to Sync, or leave OnSyncFailure at Stop.",
                nameof(options));
        }

        return new DurableSettings(Path.GetFullPath(directory), options);
    }

    /// <summary>The disk.</summary>
    public IFileSystem Files { get; init; } = FileSystems.Default;

    /// <summary>The sources that can give events again; null for none.</summary>
    public ISlotRemaking? Remaking { get; init; }

    /// <summary>Whether syncs, snapshots and spare segments are made by hand, and not by threads.</summary>
    public bool IsByHand { get; init; }

    /// <summary>The id of a stream that begins.</summary>
    public UInt128 NewStreamId()
    {
        if (SaltSeed is { } seed)
            return new UInt128(seed, 1);
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }

    /// <summary>Tells an owner from one that has a copy of the directory.</summary>
    public uint NewOwnerMark() => SaltSeed is { } seed
        ? (uint)seed
        : (uint)RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <summary>What the salts of the journal are made of; null for a random number.</summary>
    public ulong? SaltSeed { get; init; }
}
