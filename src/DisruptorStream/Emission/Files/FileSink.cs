using System.Globalization;
using DisruptorStream.Durability.Files;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Pumping;
using DisruptorStream.Emission.Tables;
using DisruptorStream.Emission.Texts;

namespace DisruptorStream.Emission.Files;

/// <summary>Appends results to a file, as CSV or as lines of JSON, each exactly once.</summary>
/// <typeparam name="TKey">The type of the keys: text, integers, Guid, enums, times, or tuples of these.</typeparam>
/// <remarks>
/// <para>A write appends rows and syncs them, then notes in <c>PATH.position</c> how far the file has come, and syncs
/// that. What is behind the position when the file is opened is a torn write, and is cut off. <c>PATH.lock</c> keeps
/// two processes from writing at the same time. The three files belong together: copy, move and delete them so.</para>
/// <para>Two syncs for each write: how many results one has, <see cref="AsyncSinkOptions.BatchSize"/> and
/// <see cref="AsyncSinkOptions.MaxDelay"/> say. Where results wait for more than one write, the text of the next one
/// is made while the disk syncs the one before. The columns are those of <see cref="ResultTable{TKey}"/>.</para>
/// </remarks>
public sealed class FileSink<TKey> : PositionedSink<TKey>, IAheadSink<TKey>
{
    private readonly string _path;
    private readonly FileSinkFormat _format;
    private readonly FileSinkOptions _options;
    private WriteText<TKey>? _text;

    /// <param name="path">The file; made with its directory where it is not there. It belongs to one query.</param>
    /// <param name="options">Format and the like. Null for the defaults.</param>
    /// <exception cref="ArgumentException">The path is empty, or its ending is that of no format.</exception>
    public FileSink(string path, FileSinkOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _path = Path.GetFullPath(path);
        _options = options ?? new FileSinkOptions();
        _format = _options.Format ?? FormatOf(path);
    }

    internal IFileSystem Files { get; init; } = FileSystems.Default;

    /// <inheritdoc/>
    protected override string TargetName => $"the file '{_path}'";

    private string PositionPath => $"{_path}.position";

    /// <inheritdoc/>
    void IAheadSink<TKey>.Announce(WindowResult<TKey>[] next) => _text?.Announce(next);

    /// <inheritdoc/>
    protected override async ValueTask<long> ConnectAsync(
        DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        Files.CreateDirectory(Path.GetDirectoryName(_path)!);
        using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
        using var notes = PositionFile.Open(Files, PositionPath);
        using var data = OpenData();

        // A process that was killed may have made either, and not synced the directory.
        Files.SyncDirectory(Path.GetDirectoryName(_path)!);
        var found = notes.Read();
        var position = found ?? new FilePosition(0, 0, 0, 0, "", PositionFile.HashOf(owner));
        ThrowUnlessWhole(owner, found, position, data.Length);
        ThrowIfForeign(owner, position.Epoch, position.StreamId, position.Number);
        if (data.Length > position.Length)
        {
            data.SetLength(position.Length);
            data.Sync();
        }

        if (found is null || (owner.Epoch > 0 && !IsOf(owner, position)))
        {
            notes.Write(position with
            {
                Generation = position.Generation + 1,
                Epoch = owner.Epoch,
                StreamId = owner.StreamId,
            });
        }

        return position.Number;
    }

    /// <inheritdoc/>
    protected override ValueTask PrepareAsync(
        SinkContext context, DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        var schema = context.Schema;
        _text = new WriteText<TKey>(() => new(_format, schema, owner.QueryName, _options.Times));
        using var data = OpenData();
        var header = _text.Own.Rows.Header;
        var first = new byte[header.Length];
        if (data.Length > 0 && (data.Read(0, first) < first.Length || !first.AsSpan().SequenceEqual(header)))
        {
            throw new InvalidOperationException(
                $"{TargetName} has other columns than the query '{owner.QueryName}' has now; choose another file.");
        }

        return default;
    }

    /// <inheritdoc/>
    protected override async ValueTask StoreAsync(
        ReadOnlyMemory<WindowResult<TKey>> results, SinkWrite write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        var text = Prepared();
        using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
        using var notes = PositionFile.Open(Files, PositionPath);
        using var data = OpenData();
        var found = notes.Read();
        if (found is not { } position
            || (!write.IsOrdinary && (!IsOf(write.Owner, position) || position.Number != write.Previous)))
        {
            throw NotMine(write, found?.Epoch, found?.Number ?? 0);
        }

        ThrowUnlessWhole(write.Owner, found, position, data.Length);
        var rows = text.RowsOf(results);
        Reach("rows made");
        var headerBytes = position.Length == 0 ? rows.Header.Length : 0;
        data.Write(position.Length, headerBytes > 0 ? [rows.HeaderPart, rows.Part] : [rows.Part]);
        Reach("rows written");

        // While the disk is at work.
        var next = text.BeginNext();
        try
        {
            data.Sync();
            Reach("rows synced");
            notes.Write(position with
            {
                Generation = position.Generation + 1,
                Number = write.IsOrdinary ? position.Number : write.Last,
                Length = position.Length + headerBytes + rows.Bytes.Length,
            });
        }
        finally
        {
            if (next is not null)
                await next.EndAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override ValueTask DisconnectAsync() => default;

    private static FileSinkFormat FormatOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".CSV" => FileSinkFormat.Csv,
        ".NDJSON" or ".JSONL" => FileSinkFormat.Ndjson,
        _ => throw new ArgumentException(
            $"The ending '{Path.GetExtension(path)}' of '{path}' is that of no format: name the file .csv, "
            + ".ndjson or .jsonl, or set Format.",
            nameof(path)),
    };

    private static bool IsOf(DurableSinkOwner owner, in FilePosition position) =>
        position.Epoch == owner.Epoch && string.Equals(position.StreamId, owner.StreamId, StringComparison.Ordinal);

    private WriteText<TKey> Prepared() => _text ?? throw new InvalidOperationException(
        $"{TargetName} got results before StartAsync said which columns they have.");

    private ValueTask<IDisposable> LockAsync(CancellationToken cancellationToken) =>
        FileLock.TakeAsync(Files, $"{_path}.lock", _options.LockTimeout, TargetName, cancellationToken);

    private IFile OpenData()
    {
        try
        {
            return Files.Open(_path);
        }
        catch (FileNotFoundException)
        {
            var made = Files.Create(_path);
            Files.SyncDirectory(Path.GetDirectoryName(_path)!);
            return made;
        }
    }

    private void ThrowUnlessWhole(
        DurableSinkOwner owner, FilePosition? found, in FilePosition position, long lengthBytes)
    {
        if (found is null && lengthBytes > 0)
        {
            throw new InvalidOperationException(
                $"{TargetName} is not empty, and '{PositionPath}' does not say how far it is to be trusted: it is the "
                + "file of somebody else, or lost its position. Choose another file, or move this one away.");
        }

        if (position.OwnerHash != PositionFile.HashOf(owner))
        {
            throw new InvalidOperationException(
                $"{TargetName} belongs to another query than '{owner.QueryName}' of '{owner.ProcessorName}': give each "
                + "query a file of its own.");
        }

        if (lengthBytes < position.Length)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{TargetName} has {lengthBytes} bytes, and its position says {position.Length}: it was set back or "
                + $"lost, and '{PositionPath}' was not. Restore both from the same copy; or move both away, then the "
                + $"processor gives again what its snapshots reach back to."));
        }
    }
}
