"""As the engines for IAM do it: a short-lived token instead of a password, signed for one host and port."""
import hashlib
import hmac

from django.db.backends.postgresql import base


def sign(host, port, user):
    return hmac.new(b"key of the account", f"{host}:{port}/{user}".encode(), hashlib.sha256).hexdigest()


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self):
        parameters = super().get_connection_params()
        with open("signed.txt", "a") as file:
            file.write(f"{parameters['host']}:{parameters['port']}\n")
        return {**parameters, "password": sign(parameters["host"], parameters["port"], parameters["user"])}
