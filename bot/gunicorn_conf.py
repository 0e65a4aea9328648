"""How gunicorn serves the site: one process with threads, ended gracefully. https://docs.gunicorn.org/en/stable/settings.html"""

from typing import Any

worker_class = "gthread"
workers = 1
threads = 16
graceful_timeout = 30
keepalive = 75
# Nothing of a request is logged: its path, headers and body may hold what is nobody's business.
accesslog = None
control_socket_disable = True


def worker_exit(server: Any, worker: Any) -> None:
    """Ends the bot in a process that ends."""
    if getattr(worker, "wsgi", None) is not None:
        worker.wsgi.close()
