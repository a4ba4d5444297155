using DisruptorStream.Durability.Files;
using Microsoft.Data.Sqlite;

namespace DisruptorStream.Sqlite;

/// <summary>The files of a database that is open: whether they still are what their names lead to.</summary>
/// <remarks>
/// A file that was deleted stays until all have closed it. Commits to it succeed, and nobody has what they hold.
/// SQLite sees to that itself only where it makes a journal for each transaction, not in WAL mode.
/// </remarks>
internal sealed class SqliteFiles
{
    private readonly string _path;
    private readonly (long Device, long File)? _database;
    private (long Device, long File)? _log;

    /// <param name="connection">One that is open, and has begun a transaction.</param>
    public SqliteFiles(SqliteConnection connection)
    {
        // Empty for a database in memory.
        _path = connection.DataSource;
        _database = IdentityOf(_path);
        NoteLog();
    }

    private string LogPath => $"{_path}-wal";

    /// <summary>A database may be set to WAL mode while it is open: looks for its log, until there is one.</summary>
    public void NoteLog() => _log ??= IdentityOf(LogPath);

    /// <summary>The first file that is lost; null where all are there.</summary>
    public string? FindLost() => IsLost(_path, _database) ? _path : IsLost(LogPath, _log) ? LogPath : null;

    private (long Device, long File)? IdentityOf(string path) =>
        _path.Length == 0 ? null : FileIdentity.OfPath(path);

    private bool IsLost(string path, (long Device, long File)? opened) =>
        opened is not null && IdentityOf(path) != opened;
}
