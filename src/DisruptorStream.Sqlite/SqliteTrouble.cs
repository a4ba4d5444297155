using Microsoft.Data.Sqlite;

namespace DisruptorStream.Sqlite;

/// <summary>What to do about an error of SQLite, which itself names neither the file nor a way out.</summary>
internal static class SqliteTrouble
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NoDatabase = 26;

    /// <summary>The error, with what it happened to before it, and what to do behind it.</summary>
    /// <param name="what">What did not work, with the name of the target.</param>
    /// <param name="failure">The error.</param>
    public static InvalidOperationException Of(string what, SqliteException failure) =>
        new($"{what}: {failure.Message}{AdviceOn(failure.SqliteErrorCode)}", failure);

    private static string AdviceOn(int code) => code switch
    {
        Busy or Locked => " Another connection holds the database for longer than Timeout: let it commit sooner, or "
            + "set a longer one.",
        ReadOnly => " Let this process write to the database, to its directory and to the file system.",
        InputOutput => " Check the disk and the file system of the database.",
        Corrupt => " Restore the database from a copy.",
        Full => " Make room on the disk of the database.",
        CannotOpen => " Make the directory of the database if it is not there, and let this process write to both.",
        NoDatabase => " Choose the file of a database, or another name.",
        _ => "",
    };
}
