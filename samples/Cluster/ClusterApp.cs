using System.Text.Json;
using Cluster.Load;
using Cluster.Pages;
using Cluster.Silos;
using DisruptorStream.Nats.Logs;

namespace Cluster;

/// <summary>The page: it starts the log, the silos and the load, and shows which silo owns what.</summary>
internal static class ClusterApp
{
    private const int Silos = 3;

    public static async Task RunAsync(string[] args)
    {
        await using var server = await LogServer.StartAsync();
        await using var logs = new NatsLogStore(new NatsLogOptions { Url = server.Address });
        await using var silos = new SiloSet(Silos, server.Address);
        for (var number = 1; number <= silos.Count; number++)
            silos.Start(number);
        var builder = WebApplication.CreateBuilder(args);
        if (builder.Configuration["urls"] is null)
            builder.WebHost.UseUrls("http://127.0.0.1:5090");
        builder.Logging
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Services.AddHttpClient();
        builder.Services.AddSingleton(silos);
        builder.Services.AddSingleton(_ => new LoadGenerator(
            Bills.On(logs, null, null), TimeProvider.System, builder.Configuration.GetValue("calls", 2_000)));
        builder.Services.AddHostedService(services => services.GetRequiredService<LoadGenerator>());
        var app = builder.Build();
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.MapGet("/cluster", ViewAsync);
        app.MapPost("/silos/{number:int}/kill", (int number) => Change(silos, number, static silo => silo.Kill()));
        app.MapPost("/silos/{number:int}/stop", (int number) => Change(silos, number, static silo => silo.Stop()));
        app.MapPost("/silos/{number:int}/start", (int number) =>
        {
            if (number < 1 || number > silos.Count)
                return Results.NotFound();
            silos.Start(number);
            return Results.NoContent();
        });
        await app.RunAsync();
    }

    private static IResult Change(SiloSet silos, int number, Action<SiloProcess> change)
    {
        if (silos.Find(number) is not { } silo)
            return Results.NotFound();
        change(silo);
        return Results.NoContent();
    }

    private static async Task<ClusterView> ViewAsync(
        SiloSet silos, LoadGenerator load, IHttpClientFactory clients, CancellationToken cancelled)
    {
        var all = silos.All;
        var views = new List<SiloView>();
        for (var silo = 0; silo < all.Count; silo++)
        {
            views.Add(all[silo] is { IsAlive: true } alive
                ? new SiloView(silo + 1, true, alive.ProcessId, alive.Options.SiloPort)
                : new SiloView(silo + 1, false, 0, 0));
        }

        foreach (var silo in all)
        {
            if (silo is { IsAlive: true } && await AskAsync(silo, clients, cancelled) is { } partitions)
                return new ClusterView(views, partitions, load.Written);
        }

        return new ClusterView(views, null, load.Written);
    }

    /// <summary>What a silo says of all partitions; null where it does not answer yet, or no longer.</summary>
    private static async Task<JsonElement?> AskAsync(
        SiloProcess silo, IHttpClientFactory clients, CancellationToken cancelled)
    {
        using var client = clients.CreateClient();
        client.Timeout = TimeSpan.FromSeconds(1);
        try
        {
            return await client.GetFromJsonAsync<JsonElement>(
                $"http://127.0.0.1:{silo.Options.HttpPort}/partitions", cancelled);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException
            || (exception is OperationCanceledException && !cancelled.IsCancellationRequested))
        {
            return null;
        }
    }
}
