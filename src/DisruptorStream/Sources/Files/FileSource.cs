namespace DisruptorStream.Sources.Files;

/// <summary>Reads records of a file that grows and is rotated, or of many files in the order of their names.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <remarks>
/// <para>
/// Bytes are only ever added at the end of the newest file. Where the path names one file, it is rotated by renaming:
/// those whose names begin with its own are read first, the oldest write first. Where the name has a star, such as
/// <c>calls-*.csv</c>, files are read in the order of their names. A file is done with when the next one has bytes.
/// </para>
/// <para>
/// A file is known again by what lies in it, not by its name. One that is shorter than its position, that has other
/// bytes before it, or that is gone before all of it was read, is refused.
/// </para>
/// </remarks>
public sealed class FileSource<TEvent> : ISeekableSource<TEvent>
{
    private readonly FileFolder _folder;
    private readonly RecordParser<TEvent> _parser;
    private readonly FileSourceOptions _options;

    /// <summary>Describes files to be read; nothing is opened yet.</summary>
    /// <param name="path">
    /// A file, or files by a name with stars. Neither it nor its directory need be there yet.
    /// </param>
    /// <param name="parser">Makes events of records; called by one thread at a time.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">The path is empty, or names a directory.</exception>
    public FileSource(string path, RecordParser<TEvent> parser, FileSourceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(parser);
        _folder = FileFolder.Of(path);
        _parser = parser;
        _options = options ?? new FileSourceOptions();
    }

    /// <inheritdoc/>
    public ValueTask<ISeekableReader<TEvent>> OpenAsync(SourcePosition from, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var follower = FileFollower.Open(_folder, from);
        return new ValueTask<ISeekableReader<TEvent>>(new FileReader<TEvent>(follower, _parser, _options));
    }

    /// <summary>The path, for people.</summary>
    public override string ToString() => _folder.ToString();
}
