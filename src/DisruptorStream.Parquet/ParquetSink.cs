using System.Globalization;
using DisruptorStream.Durability.Files;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Files;
using DisruptorStream.Emission.Tables;
using Parquet;
using Parquet.Schema;

namespace DisruptorStream.Parquet;

/// <summary>Writes results to Parquet files of a directory, each result exactly once.</summary>
/// <typeparam name="TKey">The type of the keys: text, integers, Guid, enums, times, or tuples of these.</typeparam>
/// <remarks>
/// <para>Each write makes a file, under another name at first; it is synced, renamed, and the directory is synced. So a
/// file is there as a whole or not at all, and its name says which results it has:
/// <c>000000000000001-000000000004096.parquet</c>. Files may be read at any time, and old ones moved away; the newest
/// one has to stay. <c>.position</c> and <c>.lock</c> say whose the directory is, and belong to it.</para>
/// <para>A file for each write: give it many results (<see cref="AsyncSinkOptions.BatchSize"/>, with a
/// <see cref="AsyncSinkOptions.MaxDelay"/> that lets them gather), or there will be many small files.</para>
/// </remarks>
public sealed class ParquetSink<TKey> : PositionedSink<TKey>
{
    private readonly string _directory;
    private readonly ParquetSinkOptions _options;
    private readonly ParquetFiles _target;
    private readonly IFileSystem _files;
    private ResultTable<TKey>? _table;
    private ParquetSchema? _schema;

    /// <param name="directory">The directory; made where it is not there. It belongs to one query.</param>
    /// <param name="options">How it writes. Null for the defaults.</param>
    /// <exception cref="ArgumentException">The directory has no name.</exception>
    public ParquetSink(string directory, ParquetSinkOptions? options = null)
        : this(directory, options, FileSystems.Default)
    {
    }

    internal ParquetSink(string directory, ParquetSinkOptions? options, IFileSystem files)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        _directory = Path.GetFullPath(directory);
        _options = options ?? new ParquetSinkOptions();
        _files = files;
        _target = new ParquetFiles(_files, _directory);
    }

    /// <inheritdoc/>
    protected override string TargetName => $"the directory '{_directory}'";

    private string PositionPath => Path.Combine(_directory, ".position");

    /// <inheritdoc/>
    protected override async ValueTask<long> ConnectAsync(
        DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        _files.CreateDirectory(_directory);
        using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
        using var notes = PositionFile.Open(_files, PositionPath);
        var position = notes.Read();
        var last = _target.LastNumber();

        // A process that was killed may have named a file, and not synced the directory.
        _files.SyncDirectory(_directory);
        ThrowUnlessWhole(owner, position, last);
        ThrowIfForeign(owner, position?.Epoch ?? 0, position?.StreamId ?? "", last);
        _target.DeleteUnfinished();
        if (position is null || owner.Epoch > 0)
            notes.Write(Next(position, owner, last));
        return last;
    }

    /// <inheritdoc/>
    protected override ValueTask PrepareAsync(
        SinkContext context, DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        _table = new ResultTable<TKey>(context.Schema, owner.QueryName, _options.Times);
        _schema = ParquetColumns.SchemaOf(_table.Columns);
        return default;
    }

    /// <inheritdoc/>
    protected override async ValueTask StoreAsync(
        ReadOnlyMemory<WindowResult<TKey>> results, SinkWrite write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
        using var notes = PositionFile.Open(_files, PositionPath);
        var position = notes.Read();
        if (!write.IsOrdinary)
        {
            ThrowIfForeign(
                write.Owner, position?.Epoch ?? 0, position?.StreamId ?? "", position?.Number ?? 0);
            if (position?.Epoch != write.Owner.Epoch || _target.LastNumber() is var last && last != write.Previous)
                throw NotMine(write, position?.Epoch, _target.LastNumber());
        }

        var name = write.IsOrdinary ? ParquetFiles.NewName() : ParquetFiles.NameOf(write.Previous + 1, write.Last);
        await WriteFileAsync(_target.UnfinishedPath(name), results, cancellationToken).ConfigureAwait(false);
        Reach("file written");
        _target.Finish(name);
        Reach("file named");
        if (!write.IsOrdinary)
            notes.Write(Next(position, write.Owner, write.Last));
    }

    /// <inheritdoc/>
    protected override ValueTask DisconnectAsync() => default;

    private static FilePosition Next(FilePosition? before, DurableSinkOwner owner, long number) => new(
        (before?.Generation ?? 0) + 1, owner.Epoch, number, 0, owner.StreamId, PositionFile.HashOf(owner));

    private ValueTask<IDisposable> LockAsync(CancellationToken cancellationToken) => FileLock.TakeAsync(
        _files, Path.Combine(_directory, ".lock"), _options.LockTimeout, TargetName, cancellationToken);

    private async Task WriteFileAsync(
        string path, ReadOnlyMemory<WindowResult<TKey>> results, CancellationToken cancellationToken)
    {
        if (_table is not { } table || _schema is not { } schema)
            throw new InvalidOperationException($"{TargetName} got results before StartAsync.");
        var columns = new ParquetColumns(table.Columns, results.Length);
        for (var row = 0; row < results.Length; row++)
            table.Write(in results.Span[row], ref columns);
        var options = new ParquetOptions
        {
            CompressionMethod = _options.Compress ? CompressionMethod.Snappy : CompressionMethod.None,
        };
        await using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        await using var writer = await ParquetWriter.CreateAsync(
            schema, stream, options, cancellationToken: cancellationToken).ConfigureAwait(false);
        using var group = writer.CreateRowGroup();
        await columns.WriteAsync(group, schema, cancellationToken).ConfigureAwait(false);
    }

    private void ThrowUnlessWhole(DurableSinkOwner owner, FilePosition? position, long last)
    {
        if (position is null && last > 0)
        {
            throw new InvalidOperationException(
                $"{TargetName} has files, and '{PositionPath}' does not say whose they are: it belongs to somebody "
                + "else, or lost its position. Choose another directory, or move the files away.");
        }

        if (position is { } found && found.OwnerHash != PositionFile.HashOf(owner))
        {
            throw new InvalidOperationException(
                $"{TargetName} belongs to another query than '{owner.QueryName}' of '{owner.ProcessorName}': give each "
                + "query a directory of its own.");
        }

        if (position?.Number > last)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{TargetName} has files up to result {last}, and its position says {position.Value.Number}: it was "
                + $"set back or lost, and '{PositionPath}' was not. Restore both from the same copy; or move all away, "
                + $"then the processor gives again what its snapshots reach back to."));
        }
    }
}
